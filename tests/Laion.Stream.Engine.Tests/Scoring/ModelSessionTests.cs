using LaionStream.Dataset.Rows;
using LaionStream.Engine.Decoding;
using LaionStream.Engine.Flow;
using LaionStream.Engine.Scoring;
using LaionStream.Models.Heads;
using LaionStream.Models.Heads.Weights;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Resampling;
using LaionStream.Models.Tokenizers;
using LaionStream.Models.Towers;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;

namespace LaionStream.Engine.Tests.Scoring;

public sealed class ModelSessionTests
{
    private const byte Poison = 99;
    private const byte NotANumber = 98;
    private static readonly PixelScale Levels = new([0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f]);
    private static readonly ITextTokenizer Tokenizer = TokenizerFiles.Find([BundledModels.TinyClip], out _)!;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(31)]
    public async Task ScoreAsync_PoisonRow_DropsItAloneAndKeepsTheRest(int poison)
    {
        ModelSession session = CreateSession(out _, out _);

        IReadOnlyList<Step<ScoredImage>> steps = await Score(session, 32, row => row == poison ? Poison : (byte)(row + 1));

        for (int row = 0; row < 32; row++)
        {
            Assert.Equal(row == poison, steps[row].Row is null);
            if (row != poison) { Assert.Equal(row, steps[row].Row!.Key.Ordinal); }
        }

        Assert.Equal(DropReason.ModelFailed, steps[poison].Drop.Reason);
    }

    [Fact]
    public async Task ScoreAsync_RowThatGivesNaN_IsDroppedAndItsCaptionNotEmbedded()
    {
        ModelSession session = CreateSession(out _, out FakeRunner texts);
        texts.Runs.Clear();

        IReadOnlyList<Step<ScoredImage>> steps = await Score(session, 2, row => row == 1 ? NotANumber : (byte)1);

        Assert.NotNull(steps[0].Row);
        Assert.Equal(DropReason.ModelFailed, steps[1].Drop.Reason);
        Assert.Equal([1], texts.Runs);
    }

    [Fact]
    public async Task ScoreAsync_CaptionTheTowerCannotTake_DropsThatRow()
    {
        ModelSession session = CreateSession(out _, out _);
        PreparedImage[] batch = [Row(1, "a circle", 0), Row(2, "a circle on a very long and green table with six legs", 1), Row(3, null, 2)];

        IReadOnlyList<Step<ScoredImage>> steps = await session.ScoreAsync(batch, CancellationToken.None);

        Assert.NotNull(steps[0].Row!.Scores.Similarity);
        Assert.Equal(DropReason.ModelFailed, steps[1].Drop.Reason);
        Assert.Null(steps[2].Row!.Scores.Similarity);
    }

    [Fact]
    public async Task ScoreAsync_ModelFailsOnce_EveryRowIsStillScored()
    {
        int runs = 0;
        FakeRunner pictures = FakeRunner.Images(4, (level, outputs) =>
        {
            if (++runs == 3) { throw new ModelRunException("the device was reset"); }
            Embed(level, outputs);
        });
        ModelSession session = CreateSession(pictures, FakeRunner.Texts(4, EmbedText));

        IReadOnlyList<Step<ScoredImage>> steps = await Score(session, 16, _ => 1);

        Assert.All(steps, step => Assert.NotNull(step.Row!.Scores.Similarity));
    }

    [Fact]
    public async Task ScoreAsync_EveryRowFails_FaultsTheRun()
    {
        ModelSession session = CreateSession(out _, out _);

        SessionFault fault = await Assert.ThrowsAsync<SessionFault>(() => Score(session, 16, _ => Poison));

        Assert.Contains("8 rows in a row", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ScoreAsync_EveryRowFailsInSmallBatches_FaultsTheRunToo()
    {
        ModelSession session = CreateSession(out _, out _);
        for (int i = 0; i < 7; i++) { Assert.Null((await Score(session, 1, _ => Poison))[0].Row); }

        await Assert.ThrowsAsync<SessionFault>(() => Score(session, 1, _ => Poison));
    }

    [Fact]
    public async Task ScoreAsync_OccasionalPoisonRows_NeverFaultTheRun()
    {
        ModelSession session = CreateSession(out _, out _);
        for (int i = 0; i < 50; i++) { Assert.NotNull((await Score(session, 2, row => row == 0 ? Poison : (byte)1))[1].Row); }
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(9, 10)]
    [InlineData(32, 32)]
    public async Task ScoreAsync_Tail_IsPaddedToOneOfFewShapes(int rows, int padded)
    {
        ModelSession session = CreateSession(out FakeRunner pictures, out _);
        pictures.Runs.Clear();

        await Score(session, rows, row => (byte)(row + 1));

        Assert.Equal([padded], pictures.Runs);
    }

    [Fact]
    public async Task ScoreAsync_ModelOfFixedBatch_IsGivenItsRowsInChunks()
    {
        FakeRunner pictures = FakeRunner.Images(4, Embed, batch: 1);
        ModelSession session = CreateSession(pictures, FakeRunner.Texts(4, EmbedText));

        IReadOnlyList<Step<ScoredImage>> steps = await Score(session, 5, row => (byte)(row + 1));

        Assert.Equal([1, 1, 1, 1, 1], pictures.Runs);
        Assert.All(steps, step => Assert.NotNull(step.Row));
    }

    [Fact]
    public async Task ScoreAsync_RowOfAnotherSet_GoesToTheMultilingualTower()
    {
        FakeRunner other = FakeRunner.Texts(4, (_, outputs) => { outputs.Clear(); outputs[3] = 1; });
        ModelSession session = CreateSession(FakeRunner.Images(4, Embed), FakeRunner.Texts(4, EmbedText), other);
        PreparedImage[] batch = [Row(1, "a circle", 0), Row(1, "ein Kreis", 1, "multi"), Row(1, "a circle", 2, "nolang"), Row(1, "a circle", 3)];

        IReadOnlyList<Step<ScoredImage>> steps = await session.ScoreAsync(batch, CancellationToken.None);

        Assert.Equal(steps[0].Row!.Scores.Similarity, steps[3].Row!.Scores.Similarity);
        Assert.Equal(0, steps[1].Row!.Scores.Similarity!.Value, 1e-6);
        Assert.Equal(0, steps[2].Row!.Scores.Similarity!.Value, 1e-6);
        Assert.Equal([2], other.Runs);
    }

    [Fact]
    public async Task ScoreAsync_HeadThatGivesNaN_DropsTheRow()
    {
        var head = new LayersHead([new DenseLayer([float.NaN, 0, 0, 0], 4, null)], relu: false, ScoreSchema.Standard.IndexOf("aesthetic"),
            new ScoreRules(Activation.None, [0], Max: false));
        ModelSession session = CreateSession(FakeRunner.Images(4, Embed), FakeRunner.Texts(4, EmbedText), head: head);

        Assert.Equal(DropReason.ModelFailed, (await Score(session, 1, _ => 1))[0].Drop.Reason);
    }

    [Fact]
    public async Task ScoreAsync_EmbeddingsAreKept_EachRowHasThoseThatWereScored()
    {
        FakeRunner other = FakeRunner.Texts(4, (_, outputs) => { outputs.Clear(); outputs[2] = 5; });
        ModelSession session =
            CreateSession(FakeRunner.Images(4, (level, outputs) => { outputs.Clear(); outputs[0] = 3; outputs[1] = 4 * MathF.Round(level); }),
            FakeRunner.Texts(4, EmbedText), other, keeps: KeptVectors.Both);

        IReadOnlyList<Step<ScoredImage>> steps =
            await session.ScoreAsync([Row(1, "a red circle", 0), Row(0, "ein roter Kreis", 1, "multi"), Row(1, null, 2)], CancellationToken.None);
        // the buffers are reused
        IReadOnlyList<Step<ScoredImage>> later = await session.ScoreAsync([Row(0, "a circle", 3), Row(0, "a circle", 4)], CancellationToken.None);

        RowPayload[] kept = [.. steps.Concat(later).Select(step => Assert.IsType<RowPayload>(step.Row!.Payload))];
        Assert.Equal([(Half)0.6, (Half)0.8, Half.Zero, Half.Zero], kept[0].Image!);
        Assert.Equal([Half.One, Half.Zero, Half.Zero, Half.Zero], kept[1].Image!);
        Assert.Equal([Half.Zero, Half.Zero, Half.One, Half.Zero], kept[1].Text!); // from the tower that scored it
        Assert.Equal(new Half[4], kept[2].Text); // no caption
        Assert.All((Half[][])[kept[0].Text!, kept[3].Text!], vector => Assert.Equal(1, vector.Sum(x => (double)x * (double)x), 2));
    }

    [Theory]
    [InlineData(KeptVectors.None)]
    [InlineData(KeptVectors.Image)]
    public async Task ScoreAsync_FewerEmbeddingsAreKept_OthersAreAbsent(KeptVectors keeps)
    {
        ModelSession session = CreateSession(FakeRunner.Images(4, Embed), FakeRunner.Texts(4, EmbedText), keeps: keeps);

        var payload = (RowPayload?)(await Score(session, 1, _ => 1))[0].Row!.Payload;

        Assert.Equal((keeps == KeptVectors.Image, false), (payload?.Image is not null, payload?.Text is not null));
    }

    [Fact]
    public async Task ScoreAsync_DeviceLost_FailsTheBatchAsRetryableAndTheNextOneWorks()
    {
        int runs = 0;
        FakeRunner Open() => FakeRunner.Images(4, (level, outputs) =>
        {
            if (++runs is 17) { throw new ModelRunException("CUDA failure 700", null, ModelFailure.DeviceLost); }
            Embed(level, outputs);
        });
        using var pictures = new ReopeningRunner(Open(), Open, "fake 0", maxFailures: 2, new PromptClock(), NullLogger.Instance);
        ModelSession session = CreateSession(pictures, FakeRunner.Texts(4, EmbedText));

        IReadOnlyList<Step<ScoredImage>> before = await Score(session, 16, _ => 1);
        IReadOnlyList<Step<ScoredImage>> lost = await Score(session, 16, _ => 1);
        IReadOnlyList<Step<ScoredImage>> after = await Score(session, 16, _ => 1);

        Assert.All(before.Concat(after), step => Assert.NotNull(step.Row!.Scores.Similarity));
        Assert.All(lost, step => Assert.Equal(DropReason.ModelFailed, step.Drop.Reason));
        Assert.All(lost, step => Assert.True(step.Drop.IsRetryable()));
    }

    [Fact]
    public async Task ScoreAsync_DeviceStaysLost_FaultsTheRunAfterMaxFailures()
    {
        FakeRunner Open() => FakeRunner.Images(4, (_, _) => throw new ModelRunException("CUDA failure 700", null, ModelFailure.DeviceLost));
        using var pictures = new ReopeningRunner(Open(), Open, "fake 0", maxFailures: 3, new PromptClock(), NullLogger.Instance);
        ModelSession session = CreateSession(pictures, FakeRunner.Texts(4, EmbedText));
        for (int i = 0; i < 2; i++) { Assert.All(await Score(session, 16, _ => 1), step => Assert.Equal(DropReason.ModelFailed, step.Drop.Reason)); }

        await Assert.ThrowsAsync<SessionFault>(() => Score(session, 16, _ => 1));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(3)]
    [InlineData(1)]
    public async Task ScoreAsync_MemoryForSomeRowsOnly_HalvesTheBatchAndKeepsEveryRow(int fit)
    {
        FakeRunner pictures = FakeRunner.Images(4, Embed);
        var small = new SmallDevice(pictures, fit);
        ModelSession session = CreateSession(small, new SmallDevice(FakeRunner.Texts(4, EmbedText), fit));
        pictures.Runs.Clear();

        foreach (int rows in (int[])[32, 32, 5]) { Assert.All(await Score(session, rows, _ => 1), step => Assert.NotNull(step.Row!.Scores.Similarity)); }

        Assert.All(pictures.Runs, rows => Assert.InRange(rows, 1, fit));
        Assert.InRange(small.Refusals, 1, 5); // it has learned: later batches do not try the larger sizes again
    }

    private static Task<IReadOnlyList<Step<ScoredImage>>> Score(ModelSession session, int rows, Func<int, byte> level) =>
        session.ScoreAsync([.. Enumerable.Range(0, rows).Select(i => Row(level(i), "a red circle", i))], CancellationToken.None);

    private static PreparedImage Row(byte level, string? text, int ordinal, string set = "en") => TestPictures.Plain(level, text, ordinal, set, side: 2);

    private static ModelSession CreateSession(out FakeRunner pictures, out FakeRunner texts) =>
        CreateSession(pictures = FakeRunner.Images(4, Embed), texts = FakeRunner.Texts(4, EmbedText));

    private static ModelSession CreateSession(IModelRunner pictures, IModelRunner texts, FakeRunner? other = null, IEmbeddingHead? head = null,
        KeptVectors keeps = KeptVectors.None)
    {
        BatchShape batch = BatchShape.UpTo(32, steps: 4);
        var shapes = new TextModelShapes(batch, [], Split: true);
        TextModel Text(IModelRunner runner) => new(runner, runner.Signature.Outputs[0], Tokenizer.Clone(), null, 77, shapes);
        var models = new DeviceModels(
            new ImageModel(pictures, pictures.Signature.Outputs[0], new PixelSpec(2, 2, PixelFit.SquashBilinear), Levels, batch),
            Text(texts),
            other is null ? null : Text(other),
            head is null ? [] : [head],
            [],
            [],
            new Dictionary<string, ModelSignature>());
        return new ModelSession(
            new ScoreModels(SessionMeters.Of("fake 0", threads: 1), models, ScoreSchema.Standard.Columns.Count, maxFailures: 8, NullLogger.Instance), keeps);
    }

    /// <summary>A clock whose timers are due at once.</summary>
    private sealed class PromptClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    /// <summary>A device with memory for some rows.</summary>
    private sealed class SmallDevice(FakeRunner inner, int fit) : IModelRunner
    {
        public int Refusals { get; private set; }

        public string Name => inner.Name;

        public ModelSignature Signature => inner.Signature;

        public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
        {
            if (inputs[0].Shape[0] > fit)
            {
                Refusals++;
                throw new ModelRunException("CUDA failure 2: out of memory", null, ModelFailure.OutOfMemory);
            }

            inner.Run(inputs, output, abort);
        }

        public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => inner.Probe(inputs, output);

        public void Dispose() => inner.Dispose();
    }

    private static void Embed(float level, Span<float> outputs)
    {
        outputs.Clear();
        outputs[0] = MathF.Round(level) switch
        {
            Poison => throw new ModelRunException("poison"),
            NotANumber => float.NaN,
            _ => 1,
        };
    }

    private static void EmbedText(float tokens, Span<float> outputs)
    {
        if (tokens > 10) { throw new ModelRunException("too long a caption"); }

        outputs.Clear();
        outputs[0] = 1;
        outputs[1] = tokens;
    }
}
