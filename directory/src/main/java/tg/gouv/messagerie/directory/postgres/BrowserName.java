package tg.gouv.messagerie.directory.postgres;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/* Only words of these lists come out, whatever comes in: nobody writes into another's page, nor much into the database, by a header. */
/** What a browser says of itself (its {@code User-Agent}), in the words by which its owner knows it. */
final class BrowserName {
    /** What is beyond tells nothing. */
    private static final int LOOKED_AT_MAX = 1_000;

    /** Each browser says that it is several others too: the first of these that is there is it. */
    private static final List<Mark> FAMILIES = List.of(
            new Mark("Edg/", "Edge"),
            new Mark("EdgA/", "Edge"),
            new Mark("EdgiOS/", "Edge"),
            new Mark("Edge/", "Edge"),
            new Mark("Opera Mini/", "Opera Mini"),
            new Mark("OPR/", "Opera"),
            new Mark("OPT/", "Opera"),
            new Mark("Opera/", "Opera"),
            new Mark("Vivaldi/", "Vivaldi"),
            new Mark("SamsungBrowser/", "Samsung Internet"),
            new Mark("HuaweiBrowser/", "Huawei Browser"),
            new Mark("UCBrowser/", "UC Browser"),
            new Mark("Seamonkey/", "SeaMonkey"),
            new Mark("Firefox/", "Firefox"),
            new Mark("FxiOS/", "Firefox"),
            new Mark("CriOS/", "Chrome"),
            new Mark("Chromium/", "Chromium"),
            new Mark("Chrome/", "Chrome"),
            new Mark("Safari/", "Safari"));

    private static final List<Mark> SYSTEMS = List.of(
            new Mark("KAIOS/", "KaiOS"),
            new Mark("iPhone", "iPhone"),
            new Mark("iPad", "iPad"),
            new Mark("Windows", "Windows"),
            new Mark("Android", "Android"),
            new Mark("CrOS", "ChromeOS"),
            new Mark("Macintosh", "macOS"),
            new Mark("Linux", "Linux"));

    private BrowserName() {}

    /** By what something is known, and its name. */
    private record Mark(String text, String name) {}

    /** The browser and its system, such as {@code Firefox, Linux}; one of them or nothing if the other or both are not known. */
    static String of(String userAgent) {
        String said = userAgent.substring(0, Math.min(userAgent.length(), LOOKED_AT_MAX));
        return Stream.of(FAMILIES, SYSTEMS)
                .flatMap(marks -> marks.stream()
                        .filter(mark -> said.contains(mark.text()))
                        .limit(1))
                .map(Mark::name)
                .collect(Collectors.joining(", "));
    }
}
