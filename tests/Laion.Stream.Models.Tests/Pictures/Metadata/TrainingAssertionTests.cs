using LaionStream.Models.Pictures.Metadata;

namespace LaionStream.Models.Tests.Pictures.Metadata;

/// <summary>Training and data mining assertions of C2PA manifests, in every format that stores them.</summary>
public sealed class TrainingAssertionTests
{
    [Theory]
    [InlineData("c2pa.training-mining", "c2pa.ai_training", "notAllowed", true)]
    [InlineData("c2pa.training-mining", "c2pa.ai_generative_training", "notAllowed", true)]
    [InlineData("c2pa.training-mining", "c2pa.data_mining", "constrained", true)]
    [InlineData("cawg.training-mining", "cawg.ai_inference", "notAllowed", true)]
    [InlineData("cawg.training-mining", "cawg.ai_training", "constrained", true)]
    [InlineData("cawg.training-mining", "cawg.ai_training", "allowed", false)]
    [InlineData("cawg.training-mining__2", "cawg.ai_training", "notAllowed", true)]
    [InlineData("cawg.training-mining.v2", "cawg.ai_training", "notAllowed", true)]
    [InlineData("cawg.training-mining", "com.example.resale", "notAllowed", false)] // not a use of ours
    [InlineData("cawg.training-minings", "cawg.ai_training", "notAllowed", false)]
    [InlineData("org.training-mining", "cawg.ai_training", "notAllowed", false)]
    [InlineData("c2pa.actions", "c2pa.ai_training", "notAllowed", false)]
    public void Forbids_Assertion_ByLabelEntryAndUse(string label, string entry, string use, bool forbids) =>
        Assert.Equal(forbids, Forbids(MetadataFiles.Training(label, entry, use)));

    public static TheoryData<string, byte[]> Files
    {
        get
        {
            byte[] store = MetadataFiles.Training("c2pa.training-mining", "c2pa.ai_training", "notAllowed");
            byte[][] pieces = [.. MetadataFiles.Boxes(store, 1, 60)];
            byte[] other = MetadataFiles.SuperBox("else", MetadataFiles.Box("json", [.. "{}"u8]));
            return new()
            {
                { "jpeg, one segment", MetadataFiles.Jpeg([.. MetadataFiles.Boxes(store, 1, 60_000)]) },
                { "jpeg, pieces", MetadataFiles.Jpeg(pieces) },
                { "jpeg, pieces in another order", MetadataFiles.Jpeg([.. pieces.Reverse()]) },
                { "jpeg, beside another box", MetadataFiles.Jpeg([.. MetadataFiles.Boxes(other, 2, 20), .. pieces]) },
                { "png", MetadataFiles.Png("caBX", store) },
                { "webp", MetadataFiles.WebP("C2PA", store) },
                { "avif", MetadataFiles.AvifWithStore(store) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Of_EveryFormat_FindsTheStore(string name, byte[] file) => Assert.True(PictureStatement.Of(file).ForbidsTraining, name);

    [Fact]
    public void Forbids_Json_IsReadAsCborIs()
    {
        byte[] Json(string text) => MetadataFiles.Store(MetadataFiles.Manifest("c2pa.training-mining", MetadataFiles.Box("json", System.Text.Encoding.UTF8.GetBytes(text))));

        Assert.True(Forbids(Json("""{"entries":{"c2pa.ai_training":{"use":"notAllowed"}},"x":[1]}""")));
        Assert.True(Forbids(Json("""{"c2pa.ai_training":{"use":"notAllowed"}}"""))); // as in version 1.0 of CAWG's schema
        Assert.False(Forbids(Json("""{"entries":{"c2pa.ai_training":{"use":"allowed"}}}""")));
        Assert.False(Forbids(Json("""{"entries":{"c2pa.ai_training":"notAllowed"}}""")));
        Assert.False(Forbids(Json("""{"entries":{"c2pa.ai_training":{"use":"notAllowed"}}""")));
        Assert.False(Forbids(Json("")));
    }

    [Fact]
    public void Forbids_CborWithoutLengthsAndWithTags_IsRead()
    {
        byte[] open = [0xD9, 0x01, 0x02, 0xBF, .. MetadataFiles.CborText("entries"), 0xBF, 0x7F, .. MetadataFiles.CborText("cawg."), .. MetadataFiles.CborText("ai_training"), 0xFF,
            0xBF, .. MetadataFiles.CborText("n"), 0x9F, 1, 0x20, 0xF9, 0, 0, 0x42, 1, 2, 0xFF, .. MetadataFiles.CborText("use"), .. MetadataFiles.CborText("notAllowed"), 0xFF, 0xFF, 0xFF];

        Assert.True(Forbids(MetadataFiles.Store(MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("cbor", open)))));
        Assert.False(Forbids(MetadataFiles.Store(MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("cbor", open[..^1])))));
    }

    [Fact]
    public void Find_SeveralManifests_TheActiveOneDecides()
    {
        byte[] no = MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("cbor", MetadataFiles.Entries("cawg.ai_training", "notAllowed")));
        byte[] yes = MetadataFiles.Manifest("cawg.training-mining", MetadataFiles.Box("cbor", MetadataFiles.Entries("cawg.ai_training", "allowed")));
        byte[] silent = MetadataFiles.Manifest("c2pa.actions", MetadataFiles.Box("cbor", [0xA0]));

        Assert.False(Forbids(MetadataFiles.Store(no, yes)));
        Assert.True(Forbids(MetadataFiles.Store(yes, no)));
        Assert.True(Forbids(MetadataFiles.Store(no, silent)));
    }

    [Fact]
    public void Find_AThousandNestedBoxes_EndsWithoutThem()
    {
        byte[] box = MetadataFiles.SuperBox("c2pa.training-mining", MetadataFiles.Box("cbor", MetadataFiles.Entries("c2pa.ai_training", "notAllowed")));
        for (int i = 0; i < 1000; i++) { box = MetadataFiles.SuperBox("c2pa", box); }

        Assert.False(Forbids(box));
    }

    private static bool Forbids(byte[] store) => PictureStatement.Of(MetadataFiles.Png("caBX", store)).ForbidsTraining;
}
