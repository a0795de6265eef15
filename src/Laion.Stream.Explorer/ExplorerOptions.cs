namespace LaionStream.Explorer;

/// <summary>Settings of the service and its page; section <c>Explorer</c> of <c>appsettings.json</c>.</summary>
public sealed class ExplorerOptions
{
    /// <summary>Address and port to listen on.</summary>
    /// <value>Default <c>127.0.0.1:8080</c>: this machine only.</value>
    public string Listen { get; set; } = "127.0.0.1:8080";
}
