using LaionStream.Dataset.Manifest;
using LaionStream.Search.Outputs;

namespace LaionStream.Search.Tests.Outputs;

public sealed class OutputFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("laion-search-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parts_ManifestWithDroppedRowsAndATornLine_AreTheCommittedPartsOfRows()
    {
        WriteManifest(Line(1, "en/part-00000.parquet", FileRole.Rows), Line(2, "dropped/dropped-00000.parquet", FileRole.Dropped), "{\"commit\":3");

        OutputPart part = Assert.Single(OutputFolder.Parts(_folder));

        Assert.Equal(1, part.Entry.Commit);
    }

    [Fact]
    public void PathOf_BeforeTheRename_IsTheTemporaryName()
    {
        WriteManifest(Line(1, "en/part-00000.parquet", FileRole.Rows));
        OutputPart part = OutputFolder.Parts(_folder).Single();
        Assert.Null(part.PathOf(FileRole.Rows));

        string temp = Path.Combine(_folder, "en", ".temp");
        Directory.CreateDirectory(Path.GetDirectoryName(temp)!);
        File.WriteAllText(temp, "");
        Assert.Equal(temp, part.PathOf(FileRole.Rows));

        string visible = Path.Combine(_folder, "en", "part-00000.parquet");
        File.Move(temp, visible);
        Assert.Equal(visible, part.PathOf(FileRole.Rows));
        Assert.Null(part.PathOf(FileRole.Images));
    }

    [Fact]
    public void Parts_NotAnOutput_NamesTheFolder() =>
        Assert.Contains(_folder, Assert.Throws<InvalidDataException>(() => OutputFolder.Parts(_folder)).Message, StringComparison.Ordinal);

    private static string Line(long commit, string path, string role) => System.Text.Encoding.UTF8.GetString(
        new ManifestEntry(commit, "en", DateTimeOffset.UnixEpoch, 1, [new ManifestFile(path, "en/.temp", 1, "00") { Role = role }], new Dictionary<int, string>()).ToLine()) + "\n";

    private void WriteManifest(params string[] lines)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "state"));
        File.WriteAllText(Path.Combine(_folder, "state", "manifest.jsonl"), string.Concat(lines));
    }
}
