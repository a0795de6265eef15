using LaionStream.Models.Catalog;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;

namespace LaionStream.Models.Tests.Catalog;

/// <summary>The text of <c>models.json</c>: what may be absent, and what is refused.</summary>
public sealed class ManifestReadTests
{
    [Fact]
    public void Read_WhatIsAbsent_HasItsDefault()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At(ModelManifest.FileName), """
            { // a comment, and commas at the ends
              "$schema": "models.schema.json",
              "multilingual": { "text": "a.onnx", "tokenizer": "b", },
            }
            """);

        ModelManifest read = ModelManifest.Read(folder.Root);

        Assert.Empty(read.Models);
        Assert.Equal(128, read.Multilingual!.MaxLength);
        Assert.Null(read.Clip);
    }

    [Theory]
    [InlineData("""{ "models": [{ "kind": "squash-align-corners" }] }""", "kind")]
    [InlineData("""{ "models": [{ "kind": 1 }] }""", "kind")]
    [InlineData("""{ "models": [{ "kind": "image", "fit": "squash-align-corners", "colour": 1 }] }""", "colour")]
    [InlineData("""{ "models": [{ "file": "a.onnx" }] }""", "kind")]
    public void Read_WhatIsNotKnown_IsRefusedByName(string models, string name)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At(ModelManifest.FileName), models);

        ModelException error = Assert.Throws<ModelException>(() => ModelManifest.Read(folder.Root));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}
