using System.Text.Json;

namespace LaionStream.Demo;

/// <summary>The demo's files, which are beside the executable.</summary>
internal static class DemoAssets
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Demo");

    /// <summary>Folder of the small CLIP.</summary>
    public static string ClipFolder { get; } = Path.Combine(Root, "models", "tinyclip");

    /// <summary>The pictures: the scenes drawn for the demo, then the model's fixture.</summary>
    /// <exception cref="InvalidDataException">The files are not as they were shipped.</exception>
    public static IReadOnlyList<DemoPicture> Pictures() => [.. Scenes(), .. Fixture()];

    private static IEnumerable<DemoPicture> Scenes()
    {
        string folder = Path.Combine(Root, "pictures");
        foreach (string line in File.ReadLines(Path.Combine(folder, "pairs.tsv")).Skip(1))
        {
            string[] cells = line.Split('\t');
            if (cells.Length != 3) { throw new InvalidDataException($"pairs.tsv: '{line}' has {cells.Length} columns, not 3."); }
            yield return new DemoPicture(cells[0], File.ReadAllBytes(Path.Combine(folder, cells[0])), cells[1], cells[2]);
        }
    }

    private static IEnumerable<DemoPicture> Fixture()
    {
        string folder = Path.Combine(ClipFolder, "fixture");
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        string[] names = Strings(expected, "pictures");
        string[] captions = Strings(expected, "captions");
        if (captions.Length < names.Length + 8) { throw new InvalidDataException("expected.json: fewer captions than the demo needs."); }

        // Caption i describes picture i; the later ones describe none.
        const string Unrelated = "the stock market fell sharply on Monday";
        return names.Select((name, i) => new DemoPicture(name, File.ReadAllBytes(Path.Combine(folder, name)), captions[i], Unrelated));
    }

    private static string[] Strings(JsonDocument json, string name) =>
        [.. json.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
}
