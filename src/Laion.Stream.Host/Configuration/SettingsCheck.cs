using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace LaionStream.Host.Configuration;

/// <summary>Checks a configuration section against the type it is bound to: unknown keys, and values of the wrong form.</summary>
internal static class SettingsCheck
{
    /// <summary>Every such error in the section.</summary>
    /// <param name="section">As read from file, environment and command line.</param>
    /// <param name="type">The options class.</param>
    public static IEnumerable<SettingError> Errors(IConfigurationSection section, Type type)
    {
        if (section.Value is { Length: > 0 } text) { yield return new SettingError(section.Path, $"'{text}' stands where a group of keys is wanted."); }
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = KnownKeys.Settable(type).FirstOrDefault(known => known.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                yield return new SettingError(child.Path, $"there is no such key{End(KnownKeys.Hint(child.Key, type))}");
                continue;
            }

            foreach (SettingError error in ValueErrors(child, property.PropertyType)) { yield return error; }
        }
    }

    /// <summary>A hint ends its line with a question mark; without a hint the line needs a full stop.</summary>
    public static string End(string hint) => hint.Length > 0 ? hint : ".";

    private static IEnumerable<SettingError> ValueErrors(IConfigurationSection node, Type type)
    {
        bool mayBeEmpty = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            // An empty array in JSON arrives as an empty value on the node itself.
            if (!node.GetChildren().Any() && !string.IsNullOrEmpty(node.Value))
            {
                return [new SettingError(node.Path, $"'{node.Value}' is not a list; its first item is {node.Path[(node.Path.LastIndexOf(':') + 1)..]}:0.")];
            }
            return node.GetChildren().SelectMany(item => ValueErrors(item, type.GetElementType()!));
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            Type item = type.GetGenericArguments()[1];
            return node.GetChildren().SelectMany(child => ValueErrors(child, item));
        }

        if (TypeDescriptor.GetConverter(type) is { } converter && converter.CanConvertFrom(typeof(string))) { return ScalarErrors(node, type, converter, mayBeEmpty); }
        return Errors(node, type);
    }

    private static IEnumerable<SettingError> ScalarErrors(IConfigurationSection node, Type type, TypeConverter converter, bool mayBeEmpty)
    {
        if (node.Value is not { } value) { return node.GetChildren().Any() ? [new SettingError(node.Path, $"{Wanted(type)} is wanted, and no list or group.")] : []; }
        if (value.Length == 0) { return mayBeEmpty ? [] : [new SettingError(node.Path, $"a value is wanted: {Wanted(type)}.")]; }

        // The runtime reads a bare number as days, which nobody intends.
        if (type == typeof(TimeSpan) && value.All(char.IsAsciiDigit) && value.Trim('0').Length > 0)
        {
            return [new SettingError(node.Path, $"'{value}' has no unit; a time is written hh:mm:ss, with days d.hh:mm:ss.")];
        }
        try
        {
            object? converted = converter.ConvertFromString(null, CultureInfo.InvariantCulture, value);
            return type.IsEnum && !Enum.IsDefined(type, converted!) ? [new SettingError(node.Path, $"'{value}' is not {Wanted(type)}.")] : [];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return [new SettingError(node.Path, $"'{value}' is not {Wanted(type)}.")];
        }
    }

    private static string Wanted(Type type) => type switch
    {
        _ when type.IsEnum => "one of " + string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
        _ when type == typeof(TimeSpan) => "a time (hh:mm:ss)",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) || type == typeof(float) => "a number",
        _ => $"a {type.Name}",
    };
}
