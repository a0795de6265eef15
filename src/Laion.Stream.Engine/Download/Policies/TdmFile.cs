using System.Buffers;
using System.Text;
using System.Text.Json;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Download.Policies;

/// <summary>
/// A parsed <c>/.well-known/tdmrep.json</c>, by the final report of the W3C TDM Reservation Protocol (10 May 2024): an array of rules, of which the first whose
/// <c>location</c> matches decides. Locations are matched as paths of robots.txt are, case included, with <c>*</c> and <c>$</c>.
/// </summary>
internal sealed class TdmFile : IPolicyFile
{
    private const int MostBytes = 500 * 1024;
    private const int MostDepth = 16;

    private readonly List<TdmRule> _rules;

    private TdmFile(List<TdmRule> rules) => _rules = rules;

    /// <inheritdoc/>
    public long Weight => 100 + _rules.Sum(rule => 120L + rule.Location.Length + (2 * (rule.Policy?.Length ?? 0)));

    /// <inheritdoc/>
    public DropOutcome Unreachable { get; private init; }

    /// <summary>A file without rules.</summary>
    public static TdmFile Empty { get; } = new([]);

    /// <summary>Parses a file. What is not an array of rules says nothing; a rule without a valid location and reservation is passed over.</summary>
    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    public static TdmFile Parse(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) { json = json[3..]; }
        if (json.Length > MostBytes) { return Empty; }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind != JsonValueKind.Array ? Empty
                : new TdmFile([.. document.RootElement.EnumerateArray().Select(Rule).OfType<TdmRule>()]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Empty; // damaged, or a text that is not UTF-16
        }
    }

    /// <summary>The rules that follow from a fetch's result.</summary>
    public static TdmFile From(PolicyFetchResult result) => result.Outcome switch
    {
        PolicyOutcome.Parse => Parse(result.Body.Span),
        PolicyOutcome.Deny => new TdmFile([]) { Unreachable = result.Unreachable },
        _ => Empty,
    };

    /// <summary>The rule for a path; null when none is about it.</summary>
    /// <param name="pathAndQuery">Path with query; empty means <c>/</c>.</param>
    public TdmRule? Find(ReadOnlySpan<char> pathAndQuery)
    {
        if (_rules.Count == 0) { return null; }

        byte[] normalised = ArrayPool<byte>.Shared.Rent(RobotsPath.MaxLength(Encoding.UTF8.GetMaxByteCount(pathAndQuery.Length) + 1));
        try
        {
            ReadOnlySpan<byte> path = normalised.AsSpan(0, RobotsPath.NormalisePath(pathAndQuery, normalised));
            foreach (TdmRule rule in _rules)
            {
                if (rule.Location.Matches(path)) { return rule; }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(normalised);
        }
    }

    private static TdmRule? Rule(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || Text(element, "location") is not { Length: > 0 } location
            || !element.TryGetProperty("tdm-reservation", out JsonElement reservation)
            || Reserved(reservation) is not { } isReserved) { return null; }

        return new TdmRule(new RobotsRule(allow: false, Encoding.UTF8.GetBytes(location)), isReserved, Text(element, "tdm-policy"));
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool? Reserved(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt32(out int number) && number is 0 or 1 => number == 1,
        JsonValueKind.String when value.GetString() is "0" or "1" => value.GetString() == "1",
        _ => null,
    };
}
