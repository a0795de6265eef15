namespace LaionStream.Host.Verbs.Explain;

/// <summary>A line is not a question, or one that cannot be answered; the message is the answer.</summary>
internal sealed class QuestionException(string message, Exception? cause = null) : Exception(message, cause);
