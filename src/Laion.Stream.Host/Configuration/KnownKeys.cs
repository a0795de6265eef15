using System.Collections;
using System.ComponentModel;
using System.Reflection;
using LaionStream.Engine;
using LaionStream.Explorer.Settings;
using LaionStream.Search.Index;

namespace LaionStream.Host.Configuration;

/// <summary>The known keys, read from the options classes.</summary>
internal static class KnownKeys
{
    /// <summary>Section name below <c>Laion</c> and the class bound to it.</summary>
    public static IReadOnlyDictionary<string, Type> Sections { get; } =
        new Dictionary<string, Type>(EngineSections.Types, StringComparer.OrdinalIgnoreCase)
        {
            ["Log"] = typeof(LogOptions),
            ["Metrics"] = typeof(MetricsOptions),
            ["Explorer"] = typeof(ExplorerOptions),
            ["Index"] = typeof(IndexOptions),
        };

    /// <summary>Every full key, including groups of keys.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Sections.SelectMany(section => Below($"Laion:{section.Key}", section.Value))];

    /// <summary>Every key that takes a list.</summary>
    public static IReadOnlyList<string> Lists { get; } = [.. Sections.SelectMany(section => ListsBelow($"Laion:{section.Key}", section.Value))];

    /// <summary>What an unknown key was probably meant to be: a similar one of its own group, else the only key of this name elsewhere.</summary>
    /// <param name="key">Its last part.</param>
    /// <param name="type">The class of its group.</param>
    public static string Hint(string key, Type type)
    {
        if (Spelling.Nearest(key, Settable(type).Select(property => property.Name)) is { } near) { return $"; did you mean {near}?"; }

        string[] elsewhere = [.. All.Where(full => full.EndsWith(":" + key, StringComparison.OrdinalIgnoreCase))];
        return elsewhere.Length == 1 ? $"; did you mean {elsewhere[0]}?" : "";
    }

    /// <summary>
    /// The value that holds where a key is not given. Of a list it stands in an attribute: the binder would add the items of the settings to those of the
    /// class.
    /// </summary>
    public static object? DefaultOf(PropertyInfo property, object options) =>
        property.GetCustomAttribute<DefaultValueAttribute>()?.Value ?? property.GetValue(options);

    /// <summary>The properties of an options class to which settings are bound.</summary>
    public static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0);

    /// <summary>Whether a property is itself a group of keys.</summary>
    public static bool IsGroup(Type type) =>
        type.Namespace?.StartsWith("LaionStream", StringComparison.Ordinal) == true && !type.IsEnum && !typeof(IDictionary).IsAssignableFrom(type);

    private static IEnumerable<string> Below(string path, Type type) =>
        Settable(type).SelectMany(property => IsGroup(property.PropertyType)
            ? Below($"{path}:{property.Name}", property.PropertyType).Prepend($"{path}:{property.Name}")
            : [$"{path}:{property.Name}"]);

    private static IEnumerable<string> ListsBelow(string path, Type type) =>
        Settable(type).SelectMany(property => IsGroup(property.PropertyType)
            ? ListsBelow($"{path}:{property.Name}", property.PropertyType)
            : property.PropertyType.IsArray ? [$"{path}:{property.Name}"] : []);
}
