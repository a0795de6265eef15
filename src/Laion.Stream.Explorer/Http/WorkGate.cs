using System.Threading.RateLimiting;
using LaionStream.Explorer.Settings;

namespace LaionStream.Explorer.Http;

/// <summary>How many searches and counts are worked on at once: beyond the cores they only wait for each other, and hold memory.</summary>
internal sealed class WorkGate : IDisposable
{
    private readonly ConcurrencyLimiter _places;

    /// <summary>Prepares the places.</summary>
    public WorkGate(ExplorerOptions options) => _places = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount * 2,
        QueueLimit = options.Queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Works on another thread once there is a place.</summary>
    /// <param name="work">The work; it holds a core, and waits for nothing.</param>
    /// <param name="abort">Ends the wait.</param>
    /// <exception cref="ApiException">Too many wait already.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken abort)
    {
        using RateLimitLease place = await _places.AcquireAsync(1, abort);
        if (!place.IsAcquired) { throw new ApiException(503, "The service is busy; try again."); }
        return await Task.Run(work, abort);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
