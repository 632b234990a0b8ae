package tg.gouv.messagerie.mail.jmap.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.james.core.Username;
import org.apache.james.eventsourcing.AggregateId;
import org.apache.james.eventsourcing.Event;
import org.apache.james.eventsourcing.EventId;
import org.apache.james.jmap.api.filtering.Rule;
import org.apache.james.jmap.api.filtering.impl.FilteringAggregateId;
import org.apache.james.jmap.api.filtering.impl.IncrementalRuleChange;
import org.apache.james.jmap.api.filtering.impl.RuleSetDefined;

/** An account's JMAP filters, by the account's id: James's key is a name, which may change. */
final class FilterEvents implements EventForm {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFINED = "filters-defined";
    private static final String CHANGED = "filters-changed";

    private final JmapConnections connections;

    FilterEvents(JmapConnections connections) {
        this.connections = connections;
    }

    private record WrittenRule(
            String id, String name, String field, String comparator, String value, List<String> mailboxes) {
        static WrittenRule of(Rule rule) {
            return new WrittenRule(
                    rule.getId().asString(),
                    rule.getName(),
                    rule.getCondition().getField().asString(),
                    rule.getCondition().getComparator().asString(),
                    rule.getCondition().getValue(),
                    rule.getAction().getAppendInMailboxes().getMailboxIds());
        }

        Rule rule() {
            return Rule.builder()
                    .id(Rule.Id.of(id))
                    .name(name)
                    .condition(Rule.Condition.of(
                            Rule.Condition.Field.of(field), Rule.Condition.Comparator.of(comparator), value))
                    .action(Rule.Action.of(Rule.Action.AppendInMailboxes.withMailboxIds(mailboxes)))
                    .build();
        }
    }

    private record WrittenChange(
            List<WrittenRule> before, List<WrittenRule> after, List<String> deleted, List<WrittenRule> updated) {}

    @Override
    public Optional<String> key(AggregateId aggregate) {
        return aggregate instanceof FilteringAggregateId filters
                ? Optional.of("filters/" + owner(filters.getUsername()))
                : Optional.empty();
    }

    /** Nobody's filters are empty, and cannot be written. */
    private UUID owner(Username user) {
        return connections.demand(user);
    }

    @Override
    public Written write(Event event) {
        return switch (event) {
            case RuleSetDefined defined -> new Written(DEFINED, JSON.valueToTree(written(defined.getRules())));
            case IncrementalRuleChange change ->
                new Written(
                        CHANGED,
                        JSON.valueToTree(new WrittenChange(
                                written(change.getRulesPrepended()),
                                written(change.getRulesPostPended()),
                                change.getRulesDeleted().stream()
                                        .map(Rule.Id::asString)
                                        .toList(),
                                written(change.getRulesUpdated()))));
            default -> throw new IllegalStateException("no filter's event: " + event.getClass());
        };
    }

    private static List<WrittenRule> written(Collection<Rule> rules) {
        return rules.stream().map(WrittenRule::of).toList();
    }

    @Override
    public Event read(AggregateId aggregate, EventId id, Written written) {
        FilteringAggregateId filters = (FilteringAggregateId) aggregate;
        return switch (written.type()) {
            case DEFINED ->
                new RuleSetDefined(filters, id, rules(List.of(parsed(written.body(), WrittenRule[].class))));
            case CHANGED -> {
                WrittenChange change = parsed(written.body(), WrittenChange.class);
                yield new IncrementalRuleChange(
                        filters,
                        id,
                        rules(change.before()),
                        rules(change.after()),
                        change.deleted().stream().map(Rule.Id::of).collect(ImmutableSet.toImmutableSet()),
                        rules(change.updated()));
            }
            default -> throw new IllegalStateException("no filter's event: " + written.type());
        };
    }

    private static ImmutableList<Rule> rules(List<WrittenRule> written) {
        return written.stream().map(WrittenRule::rule).collect(ImmutableList.toImmutableList());
    }

    private static <T> T parsed(JsonNode body, Class<T> type) {
        try {
            return JSON.treeToValue(body, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event of filters: " + body, e);
        }
    }
}
