using System.Globalization;
using System.Text.Json;
using LaionStream.Explorer.Http;

namespace LaionStream.Explorer.Clip;

/// <summary>
/// A request of clip-retrieval: an object whose numbers may be texts (its page sends <c>"0.5"</c>, and ids beyond 2^53 as texts) and whose unused fields are
/// null, empty or left out.
/// </summary>
internal sealed class ClipBody
{
    private readonly JsonElement _body;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">It is not a JSON object.</exception>
    public ClipBody(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _body = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 }).RootElement;
        }
        catch (JsonException)
        {
            throw NotUnderstood();
        }

        if (_body.ValueKind != JsonValueKind.Object) { throw ApiException.Bad("A JSON object is wanted."); }
    }

    /// <summary>A text; null when there is none, or an empty one.</summary>
    /// <exception cref="ApiException">It is no Unicode.</exception>
    public string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } value && TextOf(value) is { Length: > 0 } text ? text : null;

    /// <summary>A yes or no.</summary>
    public bool Flag(string name) => Find(name) is { } value && (value.ValueKind == JsonValueKind.True
        || (value.ValueKind == JsonValueKind.String && bool.TryParse(TextOf(value), out bool yes) && yes));

    /// <summary>A number; null when there is none.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public double? Number(string name)
    {
        if (Find(name) is not { } value || value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.String && TextOf(value) is ""))
        {
            return null;
        }
        return NumberOf(value) ?? throw ApiException.Bad("A number is wanted.", name);
    }

    /// <summary>A whole number that a request must have.</summary>
    /// <exception cref="ApiException">There is none, or one out of range.</exception>
    public int Count(string name, int? otherwise = null)
    {
        double number = Number(name) ?? otherwise ?? throw ApiException.Bad("The field is missing.", name);
        return number is >= 0 and <= int.MaxValue ? (int)number : throw ApiException.Bad("A whole number from 0 is wanted.", name);
    }

    /// <summary>Row numbers, given as numbers or as texts.</summary>
    /// <exception cref="ApiException">There are none, too many, or something else.</exception>
    public IReadOnlyList<long> Ids(string name, int most)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } list) { throw ApiException.Bad("A list of ids is wanted.", name); }
        if (list.GetArrayLength() > most) { throw ApiException.Bad($"At most {most} ids are wanted.", name); }
        return [.. list.EnumerateArray().Select((id, i) => IdOf(id) ?? throw ApiException.Bad("An id is a whole number.", $"{name}[{i}]"))];
    }

    /// <summary>A vector; null when there is none.</summary>
    /// <exception cref="ApiException">It is something else.</exception>
    public IReadOnlyList<float>? Vector(string name)
    {
        if (Find(name) is not { } value || value.ValueKind == JsonValueKind.Null) { return null; }
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((number, i) => (float?)NumberOf(number) ?? throw ApiException.Bad("A number is wanted.", $"{name}[{i}]"))]
            : throw ApiException.Bad("A list of numbers is wanted.", name);
    }

    /// <summary>Half a surrogate pair, and bytes that are no UTF-8, are found only when a text is read.</summary>
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw NotUnderstood();
        }
    }

    private static ApiException NotUnderstood() => ApiException.Bad("The browser (or proxy) sent a request that this server could not understand.");

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out double number) => number,
        JsonValueKind.String when double.TryParse(TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) => number,
        _ => null,
    };

    private static long? IdOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out long id) => id,
        JsonValueKind.String when long.TryParse(TextOf(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id) => id,
        _ => null,
    };

    private JsonElement? Find(string name)
    {
        try
        {
            return _body.TryGetProperty(name, out JsonElement value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw NotUnderstood(); // the name of a field is no Unicode
        }
    }
}
