using LaionStream.Engine.Handles;
using LaionStream.Text.Urls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Opens local files directly and http(s) ones through <see cref="RemoteStream"/>.</summary>
/// <param name="http">Must not decode content: byte positions are those of the stored file. <see cref="CreateClient"/> creates a suitable one.</param>
/// <param name="options">Time limits and attempts for remote servers.</param>
/// <param name="clock">Measures waits and silences.</param>
/// <param name="log">Logs when a remote file is resumed.</param>
internal sealed class InputOpener(HttpClient http, IOptions<WatOptions> options, TimeProvider clock, ILogger<InputOpener> log) : IInputOpener
{
    /// <summary>Creates a client that returns bytes as stored and leaves deadlines and redirects to <see cref="RemoteStream"/>.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler
        {
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            AllowAutoRedirect = false, // RemoteStream follows them
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // a run lasts weeks: names have to be resolved again
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(string location, InputHealth health, CancellationToken stop)
    {
        if (PublicLocation.IsRemote(location))
        {
            RemoteStream remote = Remote(location, null, health);
            try
            {
                await remote.OpenAsync(stop);
                return remote;
            }
            catch
            {
                await remote.DisposeAsync();
                throw;
            }
        }

        PlainFile.Demand(location);
        try
        {
            // The window of the gzip reader has its own large buffer.
            return await HandleShortage.RetryAsync(
                () => new FileStream(location, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan), stop);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"Cannot open '{location}': {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<RemoteFile> OpenPartsAsync(string location, InputHealth health, CancellationToken stop) =>
        RemoteFile.OpenAsync(part => Remote(location, part, health), stop);

    private RemoteStream Remote(string location, RemotePart? part, InputHealth health) => new(http, new Uri(location), part, options.Value, clock, health, log);
}
