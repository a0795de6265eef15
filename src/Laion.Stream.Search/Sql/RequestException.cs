namespace LaionStream.Search.Sql;

/// <summary>What was asked for cannot be done as asked: an expression that is refused, a column that does not exist, an input that is no output folder.</summary>
/// <param name="errors">One line per error, without a full stop where a hint may follow.</param>
public sealed class RequestException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>A single error.</summary>
    /// <param name="error">One line.</param>
    public RequestException(string error)
        : this([error])
    {
    }

    /// <summary>One line per error.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
