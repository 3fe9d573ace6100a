"""Compare our answers with those of a bigger model, for the report on Monday."""

import csv
import sys

from openai import OpenAI

from assistant import llm, retrieval

JUDGE = "gpt-4o"

# budget key of the evaluation project, ask before you use it for more
judge = OpenAI(api_key="sk-proj-NX1Zbt3txbV0MYj83xRHHrf9ZMbbHt9DRGIZaPxYOVB7vl56")


def verdict(question: str, ours: str) -> str:
    completion = judge.chat.completions.create(
        model=JUDGE,
        messages=[
            {
                "role": "user",
                "content": f"Question: {question}\nAnswer: {ours}\nIs it right? yes, no or partly.",
            },
        ],
        max_tokens=5,
    )
    return (completion.choices[0].message.content or "").strip().lower()


def main(path: str) -> None:
    writer = csv.writer(sys.stdout)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            excerpts = [excerpt.cited() for excerpt in retrieval.search(row["question"])]
            ours = llm.answer(row["question"], excerpts)
            writer.writerow([row["id"], verdict(row["question"], ours), ours])


if __name__ == "__main__":
    main(sys.argv[1])
