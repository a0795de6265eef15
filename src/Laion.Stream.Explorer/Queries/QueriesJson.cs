using System.Text.Json.Serialization;

namespace LaionStream.Explorer.Queries;

/// <summary>How queries are read and answers written. A field that does not exist is an error: a misspelt limit must not pass as none.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 16,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(FacetsRequest))]
[JsonSerializable(typeof(FilterBody))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(FacetsAnswer))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(DateTime))]
[JsonSerializable(typeof(RowAnswer))]
[JsonSerializable(typeof(RowDetail))]
[JsonSerializable(typeof(WhyKept[]))]
[JsonSerializable(typeof(Dictionary<string, object?>))]
internal sealed partial class QueriesJson : JsonSerializerContext;
