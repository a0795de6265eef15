using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Tests.Download;

/// <summary>Options that a test sets and may change.</summary>
internal sealed class StaticMonitor(DownloadOptions options) : IOptionsMonitor<DownloadOptions>
{
    public DownloadOptions CurrentValue { get; set; } = options;

    public DownloadOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<DownloadOptions, string?> listener) => null;
}
