using LaionStream.Soak.Results;

namespace LaionStream.Benchmarks.Stages;

/// <summary>A batch through a session (packing, tokens, both towers, cosines) compared with the bare runtime on the bundled small CLIP, one thread.</summary>
internal static class ScoreMeasure
{
    private const int Rows = 32;
    private const int Batches = 10;

    /// <summary>Measures it.</summary>
    /// <param name="rounds">Number of rounds.</param>
    public static async Task<Figure> RunAsync(Rounds rounds)
    {
        var scoring = new ScoringBenchmarks { Rows = Rows };
        scoring.Setup();
        try
        {
            return await rounds.MeasureAsync("score: session", "row", SessionAsync, "bare ORT, both towers", BareAsync,
                $"bundled small CLIP, batches of {Rows}");
        }
        finally
        {
            scoring.Cleanup();
        }

        async Task<double> SessionAsync()
        {
            for (int i = 0; i < Batches; i++)
            {
                if (await scoring.Session() != Rows) { throw new InvalidOperationException("A row was dropped."); }
            }

            return Batches * Rows;
        }

        Task<double> BareAsync()
        {
            for (int i = 0; i < Batches; i++) { scoring.BareRuntime(); }
            return Task.FromResult((double)(Batches * Rows));
        }
    }
}
