using System.Security.Cryptography;
using System.Text.RegularExpressions;
using LaionStream.Dataset.Manifest;
using LaionStream.Engine.Ledger.Verify;
using LaionStream.Host.Tests.Compatibility;
using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Verbs;

public sealed partial class InspectTests
{
    [Fact]
    public async Task Inspect_PartWithAnotherRoleBeforeItsRows_FollowsTheManifest()
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(await FinishedAsync());
        (int plainFiles, long plainRows) = Counted(await InspectAsync(output.Folder));
        ManifestEntry first = await AddTextFileAsync(output.Folder);
        string stray = Path.Combine(output.Folder, first.Set, "part-70000.parquet");
        await File.WriteAllTextAsync(stray, "no Parquet, and in no commit");

        string both = await InspectAsync(output.Folder);
        File.Delete(Path.Combine(output.Folder, first.FileOf(FileRole.Rows)!.Path));
        string away = await InspectAsync(output.Folder);

        Assert.Equal((plainFiles, plainRows), Counted(both));
        Assert.Contains("text: 1 files, 6 bytes", both, StringComparison.Ordinal);
        Assert.DoesNotContain("not here", both, StringComparison.Ordinal);
        Assert.Equal((plainFiles - 1, plainRows - first.Rows), Counted(away));
        Assert.Contains($"{plainFiles + 1} files, {plainRows} rows by the manifest; 1 of the files are not here", away, StringComparison.Ordinal);
        Assert.Contains(stray[(output.Folder.Length + 1)..], (await output.VerifyAsync()).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_DamagedPage_NamesFileAndRowGroup()
    {
        await using EarlierOutput output = await EarlierOutput.OpenAsync(await FinishedAsync());
        string part = Directory.GetFiles(output.Folder, "part-*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        byte[] bytes = await File.ReadAllBytesAsync(part);
        bytes.AsSpan(4, 40).Fill(0xA5); // the first page's header
        await File.WriteAllBytesAsync(part, bytes);

        using HostProcess process = HostProcess.Start("inspect", part);
        (int code, string text, string error) = await process.EndAsync();

        Assert.True(code == 1, text);
        Assert.StartsWith($"'{part}', row group 1 of 1 cannot be read from its row 1 on, column '", error, StringComparison.Ordinal);
    }

    private static async Task<string> FinishedAsync()
    {
        foreach (string name in EarlierOutput.Names)
        {
            await using EarlierOutput output = await EarlierOutput.OpenAsync(name);
            VerifyReport report = await output.VerifyAsync();
            if (report is { IsWhole: true, Parts: > 1 }) { return name; }
        }

        throw new InvalidOperationException("No fixture is whole and has several parts.");
    }

    /// <summary>Adds a second file to the first commit, listed before the rows.</summary>
    private static async Task<ManifestEntry> AddTextFileAsync(string folder)
    {
        string manifest = Path.Combine(folder, "state", "manifest.jsonl");
        ManifestEntry[] entries = [.. ManifestReader.Read(manifest)];
        string path = Path.ChangeExtension(entries[0].Files[0].Path, ".txt");
        byte[] bytes = "a text"u8.ToArray();
        await File.WriteAllBytesAsync(Path.Combine(folder, path), bytes);
        var text = new ManifestFile(path, path + ".gone", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) { Role = "text" };
        entries[0] = entries[0] with { Files = [text, .. entries[0].Files] };
        await File.WriteAllBytesAsync(manifest, [.. entries.SelectMany(entry => entry.ToLine().Append((byte)'\n'))]);
        return entries[0];
    }

    private static async Task<string> InspectAsync(string folder)
    {
        using HostProcess process = HostProcess.Start("inspect", folder);
        (int code, string text, string error) = await process.EndAsync();
        Assert.True(code == 0, error);
        return text;
    }

    private static (int Files, long Rows) Counted(string text)
    {
        Match line = CountLine().Match(text);
        Assert.True(line.Success, text);
        return (int.Parse(line.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture),
            long.Parse(line.Groups[2].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(\d+) files, (\d+) rows\r?$", RegexOptions.Multiline)]
    private static partial Regex CountLine();
}
