using System.Text.Json.Serialization;

namespace LaionStream.Engine.Ledger.Format;

/// <summary>How the JSON files in <c>state/</c> are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(DoneLine))]
[JsonSerializable(typeof(SuspectNote))]
[JsonSerializable(typeof(PoisonNote))]
[JsonSerializable(typeof(InputMark))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
