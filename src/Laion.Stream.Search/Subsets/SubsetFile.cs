using System.Text.Json;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Subsets;

/// <summary>Compares the file of a subset with the manifest beside it.</summary>
internal static class SubsetFile
{
    /// <summary>Reads both.</summary>
    /// <param name="path">The file; its manifest is <c>FILE.subset.json</c>.</param>
    /// <param name="manifest">What the manifest says.</param>
    /// <returns>What differs, or null.</returns>
    /// <exception cref="InvalidDataException">There is no manifest, or it is not one of a file.</exception>
    public static string? ProblemOf(string path, out SubsetManifest manifest)
    {
        string beside = SubsetWriter.ManifestOf(path);
        if (!File.Exists(beside)) { throw new InvalidDataException($"'{path}' is no output folder, and no file of a subset: '{beside}' is not there."); }

        manifest = Read(beside);
        if (manifest.File is not { } written) { throw new InvalidDataException($"'{beside}' names no file."); }

        (long bytes, string digest) = FileDigest.Of(path);
        return bytes != written.Bytes
            ? FormattableString.Invariant($"{path} has {bytes} bytes instead of {written.Bytes}")
            : digest == written.Sha256 ? null : $"{path} has other bytes than were written (sha256)";
    }

    private static SubsetManifest Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SubsetJson.Default.SubsetManifest)
                ?? throw new InvalidDataException($"'{path}' is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not the manifest of a subset: {e.Message}", e);
        }
    }
}
