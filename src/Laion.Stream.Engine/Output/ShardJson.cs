using System.Text.Encodings.Web;
using System.Text.Json;
using LaionStream.Dataset.Parquet;
using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.Output;

/// <summary>Writes the <c>.json</c> entry of a sample: the columns of <see cref="ShardColumns"/>, with the same names and in the same order.</summary>
/// <param name="scores">The run's score columns.</param>
/// <param name="extras">A list's other columns, under their names in the output.</param>
/// <param name="pictures">Columns about the pictures' files.</param>
internal sealed class ShardJson(ScoreSchema scores, IReadOnlyList<ExtraColumn> extras, PictureColumns pictures)
{
    // The file is not embedded in a page: only characters that JSON itself requires are escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object.</summary>
    /// <param name="row">The row.</param>
    /// <param name="output">Receives the object, as UTF-8.</param>
    public void Write(ShardRow row, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("url", row.Row.Url);
        json.WriteString("caption", row.Row.Text);
        json.WriteString("key", row.Key);
        json.WriteString("status", "success");
        json.WriteNull("error_message");
        json.WriteNumber("width", row.Width);
        json.WriteNumber("height", row.Height);
        json.WriteNumber("original_width", row.Row.Picture.Width);
        json.WriteNumber("original_height", row.Row.Picture.Height);
        WriteOurs(json, row.Row);
        for (int i = 0; i < extras.Count; i++)
        {
            json.WritePropertyName(extras[i].Name);
            WriteValue(json, row.Row.Extras?[i]);
        }

        json.WriteEndObject();
    }

    private void WriteOurs(Utf8JsonWriter json, SampleRow row)
    {
        json.WriteNumber("SAMPLE_ID", row.SampleId);
        json.WriteString("LICENSE", row.License);
        json.WriteString("NSFW", row.Scores.Nsfw);
        json.WriteString("LANGUAGE", row.Language);
        Write(json, "similarity", row.Scores.Similarity);
        json.WriteNumber("hash", row.Hash);
        for (int i = 0; i < scores.Columns.Count; i++) { Write(json, scores.Columns[i].Name, row.Scores[i]); }

        if (pictures.Md5) { json.WriteString("md5", row.Picture.Md5); }
        json.WriteString("phash", row.Picture.PHash);
        foreach ((string name, Func<PictureFacts, string?> of) in pictures.Columns) { json.WriteString(name, of(row.Picture)); }
        json.WriteString("page_url", row.PageUrl);
        json.WriteString("final_url", row.Fetch.FinalUrl);
        json.WriteString("source", row.Source);
        json.WriteNumber("ordinal", row.Ordinal);
        json.WriteString("fetched_at", row.Fetch.FetchedAt.UtcDateTime);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case long whole: json.WriteNumberValue(whole); break;
            case double real when double.IsFinite(real): json.WriteNumberValue(real); break;
            case double: json.WriteNullValue(); break; // JSON has no such numbers
            case bool flag: json.WriteBooleanValue(flag); break;
            case DateTimeOffset time: json.WriteStringValue(time.UtcDateTime); break;
            default: throw new ArgumentOutOfRangeException(nameof(value), value, "A list's column has no values of this type.");
        }
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number) { json.WriteNumber(name, number); } else { json.WriteNull(name); }
    }

    private static void Write(Utf8JsonWriter json, string name, float? value)
    {
        if (value is { } number) { json.WriteNumber(name, number); } else { json.WriteNull(name); }
    }
}
