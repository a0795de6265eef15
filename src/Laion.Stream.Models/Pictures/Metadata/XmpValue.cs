namespace LaionStream.Models.Pictures.Metadata;

/// <summary>A value of a property.</summary>
/// <param name="Space">The property's namespace.</param>
/// <param name="Name">The property's local name.</param>
/// <param name="Text">The value.</param>
/// <param name="IsDefault">Whether it is marked as the default of several languages.</param>
internal readonly record struct XmpValue(string Space, string Name, string Text, bool IsDefault);
