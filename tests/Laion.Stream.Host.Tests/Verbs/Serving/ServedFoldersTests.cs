using LaionStream.Host.Configuration;
using LaionStream.Host.Verbs.Serving;
using LaionStream.TestWorld;

namespace LaionStream.Host.Tests.Verbs.Serving;

public sealed class ServedFoldersTests : IDisposable
{
    private readonly TempFolder _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Find_OutputsEmbeddingsAndSubsets_GivesTheirFoldersOnce()
    {
        Make("box", "state", "manifest.jsonl");
        Make("subset", "0", "state", "manifest.jsonl");
        Make("subset", "1", "state", "manifest.jsonl");
        Make("others", "img_emb", "img_emb_0.npy");
        Make("captions", "text_emb", "text_emb_0.npy");
        Make("loose", "a.npy");

        string[] found = ServedFolders.Find([.. new[] { "box", "subset", "others", "captions", "loose", "box/../box" }.Select(name => _world.At(name))]);

        Assert.Equal(["box", "subset/0", "subset/1", "others", "captions", "loose"], found.Select(path => Path.GetRelativePath(_world.Root, path)));
    }

    [Fact]
    public void Find_WhatCannotBeServed_NamesEach()
    {
        Make("box", "state", "manifest.jsonl");
        Make("file");
        Make("rows", "part.parquet");

        UsageException refused = Assert.Throws<UsageException>(() => ServedFolders.Find([.. new[] { "box", "file", "none", "rows" }.Select(name => _world.At(name))]));

        Assert.Equal(3, refused.Errors.Count);
        Assert.All(new[] { "file' is a file", "none' is not there", "rows' has no state/manifest.jsonl" }, part => Assert.Contains(refused.Errors, error => error.Contains(part, StringComparison.Ordinal)));
    }

    private void Make(params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_world.At(path))!);
        File.WriteAllText(_world.At(path), "");
    }
}
