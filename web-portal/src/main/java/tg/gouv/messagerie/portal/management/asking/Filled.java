package tg.gouv.messagerie.portal.management.asking;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tg.gouv.messagerie.portal.pages.Visit;

/** A field and what it says, to be sent again. */
public record Filled(String name, String value) {
    /**
     * What somebody filled in.
     *
     * @param settled what takes the place of some of it, by the names of fields
     */
    public static List<Filled> of(Visit visit, Asked form, Map<String, String> settled) {
        return form.questions().stream()
                .flatMap(question -> settled.containsKey(question.name())
                        ? Stream.of(new Filled(question.name(), settled.get(question.name())))
                        : visit.form().all(question.name()).stream().map(value -> new Filled(question.name(), value)))
                .toList();
    }
}
