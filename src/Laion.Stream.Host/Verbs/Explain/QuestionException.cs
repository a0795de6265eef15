namespace LaionStream.Host.Verbs.Explain;

/// <summary>A line is no question, or one that cannot be answered; the message is its answer.</summary>
internal sealed class QuestionException(string message, Exception? cause = null) : Exception(message, cause);
