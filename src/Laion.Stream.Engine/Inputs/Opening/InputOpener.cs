using LaionStream.Text.Urls;
using LaionStream.Engine.Handles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Inputs.Opening;

/// <summary>Opens local files directly and http(s) ones through <see cref="RemoteStream"/>.</summary>
/// <param name="http">Must not decode content: byte positions are those of the stored file. <see cref="CreateClient"/> makes a fit one.</param>
/// <param name="options">How patient to be with a remote server.</param>
/// <param name="clock">Times waits and silences.</param>
/// <param name="log">Says when a remote file is taken up again.</param>
internal sealed class InputOpener(HttpClient http, IOptions<WatOptions> options, TimeProvider clock, ILogger<InputOpener> log) : IInputOpener
{
    /// <summary>A client that hands bytes over as they are stored and leaves every deadline to <see cref="RemoteStream"/>.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler
        {
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            MaxAutomaticRedirections = 10,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // a run lasts weeks: names are looked up again
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

        try
        {
            // The gzip feed above has a large buffer of its own.
            return await HandleShortage.RetryAsync(() => new FileStream(location, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan), stop);
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
