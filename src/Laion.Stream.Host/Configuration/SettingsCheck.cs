using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace LaionStream.Host.Configuration;

/// <summary>Holds a configuration section against the type it is bound to, and lists all that is wrong: unknown keys, values of the wrong form, values out of range.</summary>
internal static class SettingsCheck
{
    /// <summary>Every error of the section, each beginning with its key.</summary>
    /// <param name="section">As read from file, environment and command line.</param>
    /// <param name="type">The options class.</param>
    public static IEnumerable<string> Errors(IConfigurationSection section, Type type)
    {
        string[] formal = [.. FormErrors(section, type)];
        if (formal.Length > 0) { return formal; }
        object options = section.Get(type) ?? Activator.CreateInstance(type)!;
        return RangeErrors(section.Path, options);
    }

    private static IEnumerable<string> FormErrors(IConfigurationSection section, Type type)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            PropertyInfo? property = type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null || property.SetMethod is null)
            {
                yield return $"{child.Path}: there is no such key{Suggest(child.Key, type)}.";
                continue;
            }

            foreach (string error in ValueErrors(child, property.PropertyType)) { yield return error; }
        }
    }

    private static IEnumerable<string> ValueErrors(IConfigurationSection node, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            // An empty array in JSON arrives as an empty value on the node itself.
            if (!node.GetChildren().Any() && !string.IsNullOrEmpty(node.Value)) { return [$"{node.Path}: '{node.Value}' is not a list; write {node.Path}:0 for its first item."]; }
            return node.GetChildren().SelectMany(item => ValueErrors(item, type.GetElementType()!));
        }

        if (typeof(IDictionary).IsAssignableFrom(type))
        {
            Type item = type.GetGenericArguments()[1];
            return node.GetChildren().SelectMany(child => ValueErrors(child, item));
        }

        if (TypeDescriptor.GetConverter(type) is { } converter && converter.CanConvertFrom(typeof(string))) { return ScalarErrors(node, type, converter); }
        return node.GetChildren().Any() || string.IsNullOrEmpty(node.Value)
            ? FormErrors(node, type)
            : [$"{node.Path}: '{node.Value}' stands where a group of keys is wanted."];
    }

    private static IEnumerable<string> ScalarErrors(IConfigurationSection node, Type type, TypeConverter converter)
    {
        if (node.Value is not { } value) { return node.GetChildren().Any() ? [$"{node.Path}: a single {Wanted(type)} is wanted."] : []; }
        if (value.Length == 0 && type != typeof(string)) { return []; }
        try
        {
            object? converted = converter.ConvertFromString(null, CultureInfo.InvariantCulture, value);
            return type.IsEnum && !Enum.IsDefined(type, converted!) ? [$"{node.Path}: '{value}' is not {Wanted(type)}."] : [];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return [$"{node.Path}: '{value}' is not {Wanted(type)}."];
        }
    }

    private static IEnumerable<string> RangeErrors(string path, object options)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            string key = result.MemberNames.FirstOrDefault() is { } member ? $"{path}:{member}" : path;
            yield return $"{key}: {result.ErrorMessage}";
        }

        foreach (PropertyInfo property in options.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.SetMethod is not null))
        {
            if (property.PropertyType.Namespace?.StartsWith("LaionStream", StringComparison.Ordinal) == true
                && !property.PropertyType.IsEnum
                && property.GetValue(options) is { } group)
            {
                foreach (string error in RangeErrors($"{path}:{property.Name}", group)) { yield return error; }
            }
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

    private static string Suggest(string key, Type type)
    {
        string? near = type.GetProperties()
            .Select(property => property.Name)
            .FirstOrDefault(name => name.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(name, StringComparison.OrdinalIgnoreCase));
        return near is null ? $" (known: {string.Join(", ", type.GetProperties().Where(p => p.SetMethod is not null).Select(p => p.Name))})" : $"; did you mean {near}?";
    }
}
