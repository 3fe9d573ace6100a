"""Try a question as the customer would, with the excerpts that the answer came from."""

import gradio as gr

from assistant import llm, retrieval


def ask(question: str, product: str) -> tuple[str, str]:
    excerpts = retrieval.search(question, product or None)
    cited = [excerpt.cited() for excerpt in excerpts]
    return llm.answer(question, cited), "\n\n".join(cited)


demo = gr.Interface(
    fn=ask,
    inputs=[gr.Textbox(label="Question", lines=3), gr.Textbox(label="Product")],
    outputs=[gr.Textbox(label="Answer"), gr.Textbox(label="Excerpts", lines=12)],
    title="Helpdesk back office",
    flagging_mode="never",
)

if __name__ == "__main__":
    # share so that the colleagues in support can open it from home
    demo.queue(max_size=8).launch(server_port=7861, share=True)
