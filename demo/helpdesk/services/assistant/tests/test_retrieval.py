from assistant.retrieval import Excerpt, shortened

LONG = [Excerpt("x" * 60, "router", page) for page in range(1, 4)]


def test_excerpts_that_do_not_fit_are_left_out():
    assert shortened(LONG, 130) == LONG[:2]


def test_citation_names_the_page():
    assert LONG[0].cited().startswith("[router, p. 1]")
