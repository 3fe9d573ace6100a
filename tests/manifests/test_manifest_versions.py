"""What a specifier's bounds claim holds for every version that `packaging` lets in."""

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from fixers.manifests.versions import exact_version, poetry_specifier, range_of

NUMBERS = st.integers(0, 3)
RELEASES = st.lists(NUMBERS, min_size=1, max_size=3).map(lambda numbers: ".".join(map(str, numbers)))
VERSIONS = st.builds("{}{}".format, RELEASES, st.sampled_from(["", "", "", ".post1", "+cu1", "rc1"])).map(
    Version
)
PARTS = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<", "==", "!=", "==="]), RELEASES),
    st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), RELEASES),
    st.builds("~={}.{}".format, RELEASES, NUMBERS),
)
SPECIFIERS = st.lists(PARTS, max_size=3).map(",".join).map(SpecifierSet)


@settings(max_examples=500, deadline=None)
@given(SPECIFIERS, VERSIONS, RELEASES.map(Version))
def test_no_allowed_version_is_outside_the_bounds(
    specifier: SpecifierSet, allowed: Version, asked: Version
) -> None:
    bounds = range_of(specifier)
    if specifier.contains(allowed, prereleases=False):
        assert not bounds.is_at_least(asked) or allowed >= asked
        assert not bounds.is_below(asked) or allowed < asked
        exact = exact_version(specifier)
        assert exact is None or exact in (allowed, Version(allowed.public))


@settings(max_examples=300, deadline=None)
@given(SPECIFIERS, SPECIFIERS, VERSIONS)
def test_what_lies_apart_shares_no_version(one: SpecifierSet, two: SpecifierSet, version: Version) -> None:
    both = one.contains(version) and two.contains(version)
    assert not (both and range_of(one).is_apart_from(range_of(two)))


@given(
    st.sampled_from(["^", "~", "~=", ">=", "", "=="]),
    VERSIONS,
    st.text("^~<>=.*|, 0123456789ab", max_size=12),
)
def test_any_way_of_poetry_is_read(operator: str, version: Version, noise: str) -> None:
    assert isinstance(poetry_specifier(operator + noise), SpecifierSet)
    if operator in ("^", "~") and not version.is_prerelease:
        specifier = poetry_specifier(f"{operator}{version.public}")
        assert specifier.contains(Version(version.public))
        assert range_of(specifier).lower == Version(version.public)
