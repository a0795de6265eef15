using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Http;

/// <summary>The body of every answer that is an error.</summary>
/// <param name="Message">What went wrong.</param>
/// <param name="Field">The field of the request that is wrong; left out when it is none.</param>
internal sealed record ErrorBody(string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field = null);
