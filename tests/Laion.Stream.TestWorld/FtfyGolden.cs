using System.Text;
using System.Text.Json;

namespace LaionStream.TestWorld;

/// <summary>Rows of <c>golden/ftfy.jsonl</c>: inputs with the answers of ftfy 6.3.1 and of LAION-5B's cleaning.</summary>
public sealed record FtfyGolden(string Input, string FixText, string Laion5b, string Kind)
{
    public static List<FtfyGolden> Load()
    {
        var rows = new List<FtfyGolden>();
        foreach (string line in File.ReadLines(SharedData.PathOf("data", "golden", "ftfy.jsonl")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement row = json.RootElement;
            string input = row.TryGetProperty("input_utf16", out JsonElement hex) ? Units(hex.GetString()!) : row.GetProperty("input").GetString()!;
            rows.Add(new FtfyGolden(input, row.GetProperty("fix_text").GetString()!, row.GetProperty("laion5b").GetString()!, row.GetProperty("kind")
                .GetString()!));
        }

        return rows;
    }

    /// <summary>The text with everything beyond printable ASCII escaped, for messages.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (char unit in text)
        {
            shown.Append(unit is >= ' ' and < '\u007F' ? unit.ToString() : $"\\u{(int)unit:X4}");
        }

        return shown.ToString();
    }

    private static string Units(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        return string.Create(bytes.Length / 2, bytes, static (units, source) =>
        {
            for (int i = 0; i < units.Length; i++)
            {
                units[i] = (char)((source[2 * i] << 8) | source[2 * i + 1]);
            }
        });
    }
}
