using System.Text.Json.Serialization;

namespace LaionStream.Models.Tokenizers;

/// <summary>How <c>vocab.json</c> is read: a token's text and its id.</summary>
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class VocabularyJson : JsonSerializerContext;
