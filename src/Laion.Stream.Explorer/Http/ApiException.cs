namespace LaionStream.Explorer.Http;

/// <summary>A request that cannot be answered; becomes a status and a JSON object with a message.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong with the request, for its sender. Holds nothing of the machine.</param>
/// <param name="field">The field of the body that is wrong; null when it is none.</param>
internal sealed class ApiException(int status, string message, string? field = null) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The field of the body that is wrong.</summary>
    public string? Field { get; } = field;

    /// <summary>A request with a mistake in it.</summary>
    public static ApiException Bad(string message, string? field = null) => new(400, message, field);

    /// <summary>A request for something that is not there.</summary>
    public static ApiException Missing(string message) => new(404, message);
}
