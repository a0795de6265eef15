using LaionStream.Host.Tests.Process;

namespace LaionStream.Host.Tests.Verbs;

/// <summary>Verbs that read an output, given something else: exit 2, and nothing is made.</summary>
public sealed class WrongFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("laion-wrong");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("report", "has no summary.json")]
    [InlineData("report list.csv", "is a file")]
    [InlineData("report none", "is not there")]
    [InlineData("serve", "has no state/manifest.jsonl")]
    [InlineData("serve list.csv", "is a file")]
    [InlineData("serve none", "is not there")]
    [InlineData("serve none list.csv", "none' is not there")]
    [InlineData("serve none list.csv", "list.csv' is a file")]
    [InlineData("inspect", "holds no part-*.parquet")]
    [InlineData("inspect list.csv", "is no Parquet file")]
    [InlineData("inspect empty.parquet", "is no Parquet file")]
    [InlineData("verify", "is no output folder")]
    [InlineData("verify list.csv", "is no output folder")]
    [InlineData("reexamine", "is no output folder")]
    [InlineData("reexamine list.csv", "there is no folder")]
    public async Task Start_OnSomethingElse_IsRefused(string line, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "list.csv"), "url,caption\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "empty.parquet"), "");
        string[] words = line.Split(' ');

        using HostProcess process = HostProcess.Start([words[0], .. words.Skip(1).DefaultIfEmpty("").Select(word => Path.Combine(_folder.FullName, word))]);
        (int code, string output, string error) = await process.EndAsync(TimeSpan.FromMinutes(1));

        Assert.True(code == 2, error);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories).Length);
    }
}
