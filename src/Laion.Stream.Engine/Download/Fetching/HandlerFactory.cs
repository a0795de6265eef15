using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LaionStream.Engine.Download.Settings;

namespace LaionStream.Engine.Download.Fetching;

/// <summary>
/// Creates the HTTP handler of the download module, without any feature that could bypass the guard: no proxy, no cookies shared between URLs, no redirects, no certificate
/// downloads.
/// </summary>
internal static class HandlerFactory
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1"; // id-kp-serverAuth, RFC 5280 4.2.1.12
    private const int DrainBytes = 64 * 1024;

    /// <summary>Creates a handler that connects only through the dialer.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="dialer">Opens all connections.</param>
    /// <param name="flawed">Origins whose responses need repair.</param>
    public static SocketsHttpHandler Make(DownloadOptions options, SocketDialer dialer, FlawedOrigins flawed)
    {
        SocketsHttpHandler handler = MakeBare(options);
        handler.ConnectCallback = dialer.ConnectAsync;
        handler.PlaintextStreamFilter = (context, _) =>
        {
            bool isMultiplexed = context.NegotiatedHttpVersion.Major > 1;
            var request = context.InitialRequestMessage as FetchRequest;
            if (request is { Dialed: { } dialed }) { dialed.IsMultiplexed = isMultiplexed; }
            bool needsRepair = !isMultiplexed && request is not null && flawed.Contains(request.Lease.Origin);
            return ValueTask.FromResult(needsRepair
                ? new HeaderRepairStream(context.PlaintextStream, options.MaxHeaderKilobytes * 1024)
                : context.PlaintextStream);
        };
        return handler;
    }

    /// <summary>The same handler without the guard: the baseline for benchmarks. It must never be used for foreign URLs.</summary>
    internal static SocketsHttpHandler MakeBare(DownloadOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None, // ContentCodings removes them
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = int.MaxValue, // the host gate limits them
        MaxResponseHeadersLength = options.MaxHeaderKilobytes,
        MaxResponseDrainSize = DrainBytes, // reusing the connection is worth reading an error page, but not more
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20), // with thousands of hosts, most connections are never used again
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // the addresses of names change
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (name, _) => name == "Cookie" ? Encoding.Latin1 : null, // bytes of a cookie come back as they were
        ResponseHeaderEncodingSelector = static (name, _) => name.Equals("Location", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : null,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = ChainPolicy(options.CaFile),
#pragma warning disable CA5359 // the operator asked for it
            RemoteCertificateValidationCallback = options.IgnoreCertificate ? AcceptAny : null,
#pragma warning restore CA5359
        },
    };

    /// <summary>Accepts every certificate: the operator asked for it (<see cref="DownloadOptions.IgnoreCertificate"/>), and the log says so.</summary>
    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;

    // A certificate may name the URL of its issuer's certificate; the platform would download it, bypassing the guard and the deadline.
    private static X509ChainPolicy ChainPolicy(string? caFile)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            ApplicationPolicy = { new Oid(ServerAuthentication) },
        };
        if (caFile is not { Length: > 0 }) { return policy; }

        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        return policy;
    }
}
