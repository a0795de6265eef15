using LaionStream.Dataset.Rows;
using LaionStream.Engine.Candidates;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Pictures.Pixels;

namespace LaionStream.Engine.Tests.Scoring;

/// <summary>Rows with pictures, as the decode stage creates them.</summary>
internal static class TestPictures
{
    /// <summary>A row with one plain colour.</summary>
    public static PreparedImage Plain(byte level, string? text, int ordinal = 0, string set = "en", int side = 224)
    {
        var input = new PixelInput(side, side);
        input.Rgb.Fill(level);
        return Row([input], text, ordinal, set);
    }

    private static PreparedImage Row(IReadOnlyList<PixelInput> inputs, string? text, int ordinal, string set)
    {
        var key = new RowKey(0, ordinal);
        var candidate = new Candidate(key, "http://example.com/a.png", text, "?", null, "test", ordinal) { Set = set, Language = set };
        return new PreparedImage(candidate, new FetchFacts(candidate.Url, DateTimeOffset.UnixEpoch), new PictureFacts(320, 240, "", ""), inputs);
    }

    /// <summary>Both parts of a session one after the other, as in the graph when nothing is dropped between them.</summary>
    public static async Task<IReadOnlyList<Step<ScoredImage>>> ScoreAsync(this IScoringSession session, IReadOnlyList<PreparedImage> batch,
        CancellationToken abort)
    {
        IReadOnlyList<Step<ComparedImage>> compared = await session.CompareAsync(batch, abort);
        ComparedImage[] kept = [.. compared.Select(step => step.Row).OfType<ComparedImage>()];
        Queue<Step<ScoredImage>> scored = new(kept.Length == 0 ? [] : await session.ScoreAsync(kept, abort));
        return [.. compared.Select(step => step.Row is null ? step.Drop : scored.Dequeue())];
    }

    /// <summary>The graph's session on one device of loaded models.</summary>
    public static ModelSession SessionAt(this ModelSet models, int device) => new(models.Devices[device]);
}
