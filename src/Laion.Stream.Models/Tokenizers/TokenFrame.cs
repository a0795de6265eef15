using System.Text.Json;

namespace LaionStream.Models.Tokenizers;

/// <summary>The start, end and padding tokens of a <c>tokenizer.json</c>.</summary>
/// <param name="Start">Id of <c>[CLS]</c> or <c>&lt;s&gt;</c>.</param>
/// <param name="End">Id of <c>[SEP]</c> or <c>&lt;/s&gt;</c>.</param>
/// <param name="Pad">Id of padding.</param>
internal sealed record TokenFrame(int Start, int End, int Pad)
{
    /// <summary>Reads post-processor, padding and added tokens.</summary>
    /// <param name="root">The whole file.</param>
    /// <param name="idOf">Looks a token up in the vocabulary.</param>
    /// <exception cref="InvalidDataException">It encloses a text in another way than with one token on each side.</exception>
    public static TokenFrame Read(JsonElement root, Func<string, int?> idOf)
    {
        int Id(string token) => idOf(token) ?? Added(root, token) ?? throw new InvalidDataException($"has no token {token}");

        string[] around = root.TryGetProperty("post_processor", out JsonElement post)
            && post.ValueKind == JsonValueKind.Object ? Around(post) : ["[CLS]", "[SEP]"];
        int pad = root.TryGetProperty("padding", out JsonElement padding) && padding.ValueKind == JsonValueKind.Object
            ? padding.GetProperty("pad_id").GetInt32()
            : idOf("[PAD]") ?? idOf("<pad>") ?? Added(root, "[PAD]") ?? Added(root, "<pad>") ?? 0;
        return new TokenFrame(Id(around[0]), Id(around[1]), pad);
    }

    private static string[] Around(JsonElement post)
    {
        string? type = post.GetProperty("type").GetString();
        if (type is "BertProcessing" or "RobertaProcessing") { return [post.GetProperty("cls")[0].GetString()!, post.GetProperty("sep")[0].GetString()!]; }

        string[] tokens = type == "TemplateProcessing"
            ? [.. post.GetProperty("single").EnumerateArray()
                .Select(p => p.TryGetProperty("SpecialToken", out JsonElement s) ? s.GetProperty("id").GetString()! : "")]
            : [];
        return tokens is [{ Length: > 0 } start, "", { Length: > 0 } end]
            ? [start, end]
            : throw new InvalidDataException($"encloses a text by {type} in a way that is not supported");
    }

    private static int? Added(JsonElement root, string token) => root.TryGetProperty("added_tokens", out JsonElement list)
        ? list.EnumerateArray().Where(t => t.GetProperty("content").GetString() == token).Select(t => (int?)t.GetProperty("id").GetInt32()).FirstOrDefault()
        : null;
}
