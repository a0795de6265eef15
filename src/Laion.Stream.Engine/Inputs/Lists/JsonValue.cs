using System.Text.Json;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Where a value stands in a line of JSON.</summary>
/// <param name="Type">Its first token; <see cref="JsonTokenType.None"/> when the key is absent.</param>
/// <param name="Start">First byte, behind the quotation mark of a string.</param>
/// <param name="Length">Bytes, without the quotation marks of a string.</param>
internal readonly record struct JsonValue(JsonTokenType Type, int Start, int Length);
