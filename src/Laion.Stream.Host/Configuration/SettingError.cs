namespace LaionStream.Host.Configuration;

/// <summary>The error in one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Message">The rest of the line.</param>
internal sealed record SettingError(string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Message}";
}
