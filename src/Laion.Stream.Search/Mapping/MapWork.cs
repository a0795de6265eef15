namespace LaionStream.Search.Mapping;

/// <summary>How a map is computed: by how many threads, until when, and who is told of it. None of it changes the result.</summary>
/// <param name="Threads">Threads.</param>
/// <param name="Done">Is called with the share of the work that was done since the last call, in thousandths; by one thread at a time.</param>
/// <param name="Abort">Ends the work with an <see cref="OperationCanceledException"/>.</param>
internal sealed record MapWork(int Threads, Action<int> Done, CancellationToken Abort)
{
    private const int Piece = 512;

    /// <summary>Runs an action over pieces of a range. What it computes for an item must not depend on others of the same call.</summary>
    /// <param name="count">Items.</param>
    /// <param name="run">Takes the first item of a piece and the one after its last.</param>
    public void ForPieces(int count, Action<int, int> run)
    {
        int pieces = (count + Piece - 1) / Piece;
        if (pieces <= 1 || Threads == 1)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                Abort.ThrowIfCancellationRequested();
                run(piece * Piece, Math.Min(count, (piece + 1) * Piece));
            }

            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = Abort };
        Parallel.For(0, pieces, options, piece => run(piece * Piece, Math.Min(count, (piece + 1) * Piece)));
    }
}
