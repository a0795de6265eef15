using System.Globalization;
using System.IO.Enumeration;
using LaionStream.Dataset.Manifest;
using LaionStream.Search.Sql;

namespace LaionStream.Search.Outputs;

/// <summary>Finds the files that a query reads: output folders, Parquet files, folders of them, and patterns for any of these.</summary>
internal static class RowsInputs
{
    /// <summary>Opens inputs, in the order given; those of a pattern in the order of their names. One that is named twice counts once.</summary>
    /// <param name="paths">Folders, files, and patterns with <c>*</c> and <c>?</c> in one folder level each.</param>
    /// <param name="isShipped">Whether parts may have been moved away.</param>
    /// <exception cref="RequestException">An input does not exist, has no rows, or is not as its manifest says; every such input is named.</exception>
    public static IReadOnlyList<RowsInput> Open(IEnumerable<string> paths, bool isShipped)
    {
        var errors = new List<string>();
        var inputs = new List<RowsInput>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string[] found = Expand(path);
            if (found.Length == 0) { errors.Add($"'{path}' does not exist"); }
            foreach (string one in found.Where(one => seen.Add(Path.GetFullPath(one))))
            {
                try
                {
                    inputs.Add(OpenOne(one, isShipped));
                }
                catch (InvalidDataException e)
                {
                    errors.Add(e.Message);
                }
            }
        }

        return errors.Count == 0 ? inputs : throw new RequestException(errors);
    }

    /// <summary>Makes sure that the inputs still have the parts that were opened.</summary>
    /// <exception cref="RequestException">Rows were removed from an input meanwhile.</exception>
    public static void CheckCurrent(IReadOnlyList<RowsInput> inputs)
    {
        string[] errors = [.. from RowsInput input in inputs
            where input.Files.Any(file => file.Part is not null)
            let now = OutputFolder.Parts(input.Path).Select(part => part.Entry.Commit).ToHashSet()
            where input.Files.Any(file => file.Part is { } part && !now.Contains(part.Entry.Commit))
            select $"rows were removed from '{input.Path}' meanwhile; run it again"];
        if (errors.Length > 0) { throw new RequestException(errors); }
    }

    private static string[] Expand(string pattern)
    {
        if (Path.Exists(pattern)) { return [pattern]; }

        string[] found = [Path.IsPathRooted(pattern) ? "/" : ""];
        foreach (string level in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isPattern = level.AsSpan().IndexOfAny('*', '?') >= 0;
            found = [.. found.SelectMany(folder => isPattern ? Matches(folder, level) : Path.Exists(Path.Combine(folder, level)) ? [Path.Combine(folder, level)] : [])];
        }

        return found;
    }

    private static IEnumerable<string> Matches(string folder, string pattern) =>
        Directory.Exists(folder.Length == 0 ? "." : folder)
            ? Directory.EnumerateFileSystemEntries(folder.Length == 0 ? "." : folder).Select(Path.GetFileName)
                .Where(name => !name!.StartsWith('.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
                .Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name!))
            : [];

    private static RowsInput OpenOne(string path, bool isShipped)
    {
        if (File.Exists(path)) { return new RowsInput(path, [OutsideFile(path)], 0); }
        if (File.Exists(Path.Combine(path, "state", "manifest.jsonl"))) { return OfOutput(path, isShipped); }

        RowsFile[] files = [.. Directory.EnumerateFiles(path, "*.parquet").Where(file => !Path.GetFileName(file).StartsWith('.'))
            .Order(StringComparer.Ordinal).Select(OutsideFile)];
        return files.Length > 0
            ? new RowsInput(path, files, 0)
            : throw new InvalidDataException($"'{path}' is no output folder (it has no state/manifest.jsonl) and holds no *.parquet");
    }

    private static RowsInput OfOutput(string folder, bool isShipped)
    {
        var files = new List<RowsFile>();
        int away = 0;
        foreach (OutputPart part in OutputFolder.Parts(folder))
        {
            ManifestFile listed = part.Entry.FileOf(FileRole.Rows)!;
            if (part.PathOf(FileRole.Rows) is not { } path)
            {
                away++;
                continue;
            }

            long bytes = new FileInfo(path).Length;
            if (bytes != listed.Bytes)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"'{path}' has {bytes} bytes, and {listed.Bytes} were committed: see what verify says of '{folder}'"));
            }

            files.Add(new RowsFile(Path.GetFullPath(path), part.Entry.Set, bytes, listed.Sha256, part));
        }

        if (away > 0 && !isShipped)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{away} of the parts of '{folder}' are not here; with --shipped the others are read"));
        }

        return new RowsInput(folder, files, away);
    }

    private static RowsFile OutsideFile(string path)
    {
        (long bytes, string sha256) = FileDigest.Of(path);
        return new RowsFile(Path.GetFullPath(path), null, bytes, sha256, null);
    }
}
