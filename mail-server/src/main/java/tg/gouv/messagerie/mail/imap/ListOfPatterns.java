package tg.gouv.messagerie.mail.imap;

import java.util.List;
import org.apache.james.imap.message.request.ListRequest;

/** LIST with several patterns. */
final class ListOfPatterns extends ListRequest {
    private final List<String> patterns;

    /**
     * A request for each of some patterns.
     *
     * @param read the same with whatever pattern
     */
    ListOfPatterns(ListRequest read, List<String> patterns) {
        super(
                read.getCommand(),
                read.getBaseReferenceName(),
                patterns.getFirst(),
                read.getTag(),
                read.getSelectOptions(),
                read.getReturnOptions(),
                read.getStatusDataItems());
        this.patterns = List.copyOf(patterns);
    }

    /** A request for each. */
    List<ListRequest> each() {
        return patterns.stream().map(this::one).toList();
    }

    private ListRequest one(String pattern) {
        return new ListRequest(
                getCommand(),
                getBaseReferenceName(),
                pattern,
                getTag(),
                getSelectOptions(),
                getReturnOptions(),
                getStatusDataItems());
    }
}
