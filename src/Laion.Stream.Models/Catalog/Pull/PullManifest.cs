using System.Text.Json;

namespace LaionStream.Models.Catalog.Pull;

/// <summary>The sources of the usual model files: the list in the assembly, or a file of the same form.</summary>
internal sealed record PullManifest
{
    private const string Resource = "pull.json";

    /// <summary>What can be pulled.</summary>
    public required IReadOnlyList<PullSet> Sets { get; init; }

    /// <summary>Reads the manifest.</summary>
    /// <param name="path">A file; null for the list in the assembly.</param>
    /// <exception cref="PullException">The file does not exist or is not valid.</exception>
    public static PullManifest Read(string? path)
    {
        try
        {
            using Stream stream = path is null ? typeof(PullManifest).Assembly.GetManifestResourceStream(Resource)! : File.OpenRead(path);
            PullManifest manifest = JsonSerializer.Deserialize(stream, PullJson.Default.PullManifest) ?? throw new JsonException("it is empty");
            return manifest.Sets.Select(set => set.Name).Distinct(StringComparer.Ordinal).Count() == manifest.Sets.Count
                ? manifest
                : throw new JsonException("it has two sets of one name");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PullException($"The list of models {path ?? Resource} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The set with a name.</summary>
    /// <exception cref="PullException">There is none.</exception>
    public PullSet Find(string name) => Sets.FirstOrDefault(set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new PullException($"'{name}' is not one of the sets that can be pulled: {string.Join(", ", Sets.Select(set => set.Name))}.");
}
