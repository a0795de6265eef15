using System.Text.Json;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>Position of a value in a line of JSON.</summary>
/// <param name="Type">Its first token; <see cref="JsonTokenType.None"/> when the key is absent.</param>
/// <param name="Start">Index of its first byte; in a string, after the quotation mark.</param>
/// <param name="Length">Number of bytes, without the quotation marks of a string.</param>
internal readonly record struct JsonValue(JsonTokenType Type, int Start, int Length);
