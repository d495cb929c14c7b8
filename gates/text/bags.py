"""A bag of words: how often each word stands in a review, or each run of a few words, and a linear model of that."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from gates.tasks.reviews import Review


def bag_of_words(known: Sequence[Review], longest: int = 1) -> Pipeline:
    """Counts of all runs of up to `longest` words, and a logistic regression, fitted to reviews.

    longest: 1 for words alone, 2 for pairs of neighbors as well. Returned is scikit-learn's pipeline: predict(texts) gives the
    labels of texts whose words have a space between them.
    """
    bag = make_pipeline(
        CountVectorizer(token_pattern=r"\S+", ngram_range=(1, longest)),
        LogisticRegression(max_iter=2000),
    )
    return bag.fit([" ".join(review.words) for review in known], [of.label for of in known])
