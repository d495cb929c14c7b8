"""Text: language models by characters and by words, what they are measured against, and what one does with them.

codec        text to numbers and back, by characters or by words
corpus       Python's own manual, in three parts that share no paragraph
batching     a long text in windows that go on where the last ones ended
model        embedding, recurrent layers, head
measuring    bits per character; a text read in one go, and learned from while it is read
ngrams       prediction by counting
compressors  what the standard library makes of the same text
budget       the settings of a training, and which of them cannot be right
run          the training of one seed, from wherever it was left
learning     `fit` and `train` over several seeds
sampling     one number drawn from what may come next
writing      text that a model goes on with
files        a trained model in a file with its codec
sentences    a network that reads reviews
bags         a bag of words
"""
