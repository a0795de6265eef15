using System.Net;
using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Download;

/// <summary>
/// Checks what validation attributes cannot express: numbers in strings, networks, endpoints, files. Reports all errors at once, each with its key.
/// </summary>
internal sealed class DownloadOptionsRules : IValidateOptions<DownloadOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, DownloadOptions options)
    {
        string[] errors = [.. Errors(options)];
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(DownloadOptions options)
    {
        const string Section = "Laion:Download:";
        if (!options.IsAuto && options.FixedConcurrency is null)
        {
            yield return $"{Section}Concurrency: '{options.Concurrency}' is neither 'auto' nor a number from 1 to 100000.";
        }
        if (options.MinBytes > options.MaxBytes) { yield return $"{Section}MinBytes: {options.MinBytes} is more than MaxBytes ({options.MaxBytes})."; }
        if (options.Dns.MinTtl > options.Dns.MaxTtl) { yield return $"{Section}Dns:MinTtl: more than Dns:MaxTtl."; }
        if (options.UserAgent.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0) { yield return $"{Section}UserAgent: contains a control character."; }

        foreach (string network in options.AllowPrivate)
        {
            if (!IPNetwork.TryParse(network, out _)) { yield return $"{Section}AllowPrivate: '{network}' is not a network such as 127.0.0.0/8."; }
        }

        if (options.AllowedPorts is []) { yield return $"{Section}AllowedPorts: an empty list allows no connection at all; null allows what browsers allow."; }
        foreach (int port in options.AllowedPorts ?? [])
        {
            if (port is < 1 or > 65535) { yield return $"{Section}AllowedPorts: {port} is not a port."; }
        }

        foreach ((string host, string target) in options.Resolve)
        {
            if (!ResolveMap.TryParseTarget(target, out _)) { yield return $"{Section}Resolve:{host}: '{target}' is not an address or address:port."; }
        }

        foreach (string server in options.Dns.Servers ?? [])
        {
            if (!IPEndPoint.TryParse(server, out _)) { yield return $"{Section}Dns:Servers: '{server}' is not an address or address:port."; }
        }

        foreach ((string key, string file) in Files(options).Where(named => !File.Exists(named.File)))
        {
            yield return $"{Section}{key}: '{file}' is not there.";
        }
    }

    private static IEnumerable<(string Key, string File)> Files(DownloadOptions options) =>
    [
        .. options.BlockLists.Bytes.Select(file => ("BlockLists:Bytes", file)),
        .. options.BlockLists.Urls.Select(file => ("BlockLists:Urls", file)),
        .. options.CaFile is { Length: > 0 } authorities ? [("CaFile", authorities)] : Array.Empty<(string, string)>(),
    ];
}
