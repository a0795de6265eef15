using System.Collections;
using System.Globalization;
using System.Reflection;
using LaionStream.Text.Urls;

namespace LaionStream.Host.Configuration;

/// <summary>The settings of a run that are not at their default, and its command line, both without secrets.</summary>
internal static class OwnSettings
{
    private const int MostItems = 20;

    /// <summary>Key and value of each, in order.</summary>
    /// <param name="configuration">All sources, checked.</param>
    public static IReadOnlyDictionary<string, string> Of(IConfiguration configuration) => KnownKeys.Sections
        .SelectMany(section =>
            Below($"Laion:{section.Key}", configuration.GetSection("Laion:" + section.Key).Get(section.Value), Activator.CreateInstance(section.Value)!))
        .OrderBy(setting => setting.Key, StringComparer.Ordinal)
        .ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal);

    /// <summary>A command line as one string.</summary>
    public static string Command(IEnumerable<string> args) =>
        string.Join(' ', args.Select(PublicText.Of).Select(arg => arg.Contains(' ', StringComparison.Ordinal) ? $"\"{arg}\"" : arg));

    private static IEnumerable<KeyValuePair<string, string>> Below(string path, object? given, object defaults)
    {
        foreach (PropertyInfo property in given is null ? [] : KnownKeys.Settable(given.GetType()))
        {
            (string key, object? value, object? usual) = ($"{path}:{property.Name}", property.GetValue(given), KnownKeys.DefaultOf(property, defaults));
            if (value is not null && usual is not null && KnownKeys.IsGroup(property.PropertyType))
            {
                foreach (KeyValuePair<string, string> setting in Below(key, value, usual)) { yield return setting; }
            }
            else if (Text(value ?? usual) is var text && text != Text(usual))
            {
                yield return new(key, text);
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => PublicText.Of(text),
        IDictionary entries => Joined(entries.Keys.Cast<object>().Select(name => $"{name}={Text(entries[name])}")),
        IEnumerable items => Joined(items.Cast<object>().Select(Text)),
        _ when KnownKeys.IsGroup(value.GetType()) =>
            Joined(KnownKeys.Settable(value.GetType()).Select(property => $"{property.Name}={Text(property.GetValue(value))}")),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Joined(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return string.Join(' ', all.Take(MostItems)) + (all.Length > MostItems ? FormattableString.Invariant($" and {all.Length - MostItems} more") : "");
    }
}
