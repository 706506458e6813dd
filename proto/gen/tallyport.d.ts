// Made by "npm run gen" from tallyport/v1/batch.proto, tallyport/v1/receipt.proto. Changes are made there.
import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace tallyport. */
export namespace tallyport {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Batch.
         * @deprecated Use tallyport.v1.Batch.$Properties instead.
         */
        interface IBatch extends tallyport.v1.Batch.$Properties {
        }

        /**
         * A contiguous range of one journal's sequence numbers: its events, what was shed of it, and how the
         * gateway's accounts stand.
         */
        class Batch {

            /**
             * Constructs a new Batch.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.Batch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Version of this format: 2. A decoder refuses what it does not know. 1 is the same without the columns that
             * say so.
             */
            format: number;

            /** Batch site. */
            site: string;

            /** Batch gateway. */
            gateway: string;

            /** The journal's id; sequence numbers count from 1 within it. */
            epoch: string;

            /** The range, both included. A heartbeat has no events: first_seq is then last_seq + 1. */
            firstSeq: (number|Long);

            /** Batch lastSeq. */
            lastSeq: (number|Long);

            /** Batch lane. */
            lane: tallyport.v1.Lane;

            /** Batch accounts. */
            accounts?: (tallyport.v1.Accounts.$Properties|null);

            /** Batch watermark. */
            watermark?: (tallyport.v1.Watermark.$Properties|null);

            /** Parts of the range that carry no event, ascending and disjoint. */
            shed: tallyport.v1.ShedRange.$Properties[];

            /** The events of the rest of the range, in ascending order of sequence number. */
            events?: (tallyport.v1.EventColumns.$Properties|null);

            /** Batch scans. */
            scans?: (tallyport.v1.ScanColumns.$Properties|null);

            /** Batch positions. */
            positions?: (tallyport.v1.PositionColumns.$Properties|null);

            /** Batch readings. */
            readings?: (tallyport.v1.ReadingColumns.$Properties|null);

            /** Batch statuses. */
            statuses?: (tallyport.v1.StatusColumns.$Properties|null);

            /** Batch raws. */
            raws?: (tallyport.v1.RawColumns.$Properties|null);

            /**
             * Encodes the specified Batch message. Does not implicitly {@link tallyport.v1.Batch.verify|verify} messages.
             * @param message Batch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.Batch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Batch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.Batch & tallyport.v1.Batch.$Shape} Batch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.Batch & tallyport.v1.Batch.$Shape;
        }

        namespace Batch {

            /** Properties of a Batch. */
            interface $Properties {

                /**
                 * Version of this format: 2. A decoder refuses what it does not know. 1 is the same without the columns that
                 * say so.
                 */
                format?: (number|null);

                /** Batch site */
                site?: (string|null);

                /** Batch gateway */
                gateway?: (string|null);

                /** The journal's id; sequence numbers count from 1 within it. */
                epoch?: (string|null);

                /** The range, both included. A heartbeat has no events: first_seq is then last_seq + 1. */
                firstSeq?: (number|Long|null);

                /** Batch lastSeq */
                lastSeq?: (number|Long|null);

                /** Batch lane */
                lane?: (tallyport.v1.Lane|null);

                /** Batch accounts */
                accounts?: (tallyport.v1.Accounts.$Properties|null);

                /** Batch watermark */
                watermark?: (tallyport.v1.Watermark.$Properties|null);

                /** Parts of the range that carry no event, ascending and disjoint. */
                shed?: (tallyport.v1.ShedRange.$Properties[]|null);

                /** The events of the rest of the range, in ascending order of sequence number. */
                events?: (tallyport.v1.EventColumns.$Properties|null);

                /** Batch scans */
                scans?: (tallyport.v1.ScanColumns.$Properties|null);

                /** Batch positions */
                positions?: (tallyport.v1.PositionColumns.$Properties|null);

                /** Batch readings */
                readings?: (tallyport.v1.ReadingColumns.$Properties|null);

                /** Batch statuses */
                statuses?: (tallyport.v1.StatusColumns.$Properties|null);

                /** Batch raws */
                raws?: (tallyport.v1.RawColumns.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Batch. */
            type $Shape = tallyport.v1.Batch.$Properties;
        }

        /** Which share of the link the batch travelled on. */
        enum Lane {

            /** LANE_UNSPECIFIED value */
            LANE_UNSPECIFIED = 0,

            /** LANE_FRESH value */
            LANE_FRESH = 1,

            /** LANE_BACKLOG value */
            LANE_BACKLOG = 2
        }

        /**
         * Properties of an Accounts.
         * @deprecated Use tallyport.v1.Accounts.$Properties instead.
         */
        interface IAccounts extends tallyport.v1.Accounts.$Properties {
        }

        /**
         * The gateway's accounts of this epoch when the batch was made (G4):
         * received = head_seq + the sum of filtered.
         */
        class Accounts {

            /**
             * Constructs a new Accounts.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.Accounts.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Events that came out of decode, since the journal was made. */
            received: (number|Long);

            /** Events that a filter rule removed, by the rule's name. */
            filtered: { [k: string]: (number|Long) };

            /** The highest sequence number given to a kept event. */
            headSeq: (number|Long);

            /** Kept events that a JetStream acknowledged. */
            stored: (number|Long);

            /**
             * Encodes the specified Accounts message. Does not implicitly {@link tallyport.v1.Accounts.verify|verify} messages.
             * @param message Accounts message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.Accounts.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Accounts message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.Accounts & tallyport.v1.Accounts.$Shape} Accounts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.Accounts & tallyport.v1.Accounts.$Shape;
        }

        namespace Accounts {

            /** Properties of an Accounts. */
            interface $Properties {

                /** Events that came out of decode, since the journal was made. */
                received?: (number|Long|null);

                /** Events that a filter rule removed, by the rule's name. */
                filtered?: ({ [k: string]: (number|Long) }|null);

                /** The highest sequence number given to a kept event. */
                headSeq?: (number|Long|null);

                /** Kept events that a JetStream acknowledged. */
                stored?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Accounts. */
            type $Shape = tallyport.v1.Accounts.$Properties;
        }

        /**
         * Properties of a Watermark.
         * @deprecated Use tallyport.v1.Watermark.$Properties instead.
         */
        interface IWatermark extends tallyport.v1.Watermark.$Properties {
        }

        /**
         * The claim "every event that this gateway received before `time_ms` has a sequence number below `seq`"
         * (G12). It holds from when the batch was made, for ever; the cloud is complete up to `time_ms` once it
         * has applied every sequence number below `seq`.
         */
        class Watermark {

            /**
             * Constructs a new Watermark.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.Watermark.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Watermark seq. */
            seq: (number|Long);

            /** Milliseconds since 1970-01-01T00:00:00Z by the gateway's clock. */
            timeMs: (number|Long);

            /**
             * Encodes the specified Watermark message. Does not implicitly {@link tallyport.v1.Watermark.verify|verify} messages.
             * @param message Watermark message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.Watermark.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Watermark message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.Watermark & tallyport.v1.Watermark.$Shape} Watermark
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.Watermark & tallyport.v1.Watermark.$Shape;
        }

        namespace Watermark {

            /** Properties of a Watermark. */
            interface $Properties {

                /** Watermark seq */
                seq?: (number|Long|null);

                /** Milliseconds since 1970-01-01T00:00:00Z by the gateway's clock. */
                timeMs?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Watermark. */
            type $Shape = tallyport.v1.Watermark.$Properties;
        }

        /**
         * Properties of a ShedRange.
         * @deprecated Use tallyport.v1.ShedRange.$Properties instead.
         */
        interface IShedRange extends tallyport.v1.ShedRange.$Properties {
        }

        /** Sequence numbers whose events the gateway gave up, with the reason. */
        class ShedRange {

            /**
             * Constructs a new ShedRange.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.ShedRange.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ShedRange firstSeq. */
            firstSeq: (number|Long);

            /** ShedRange lastSeq. */
            lastSeq: (number|Long);

            /** ShedRange reason. */
            reason: string;

            /**
             * Encodes the specified ShedRange message. Does not implicitly {@link tallyport.v1.ShedRange.verify|verify} messages.
             * @param message ShedRange message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.ShedRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ShedRange message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.ShedRange & tallyport.v1.ShedRange.$Shape} ShedRange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.ShedRange & tallyport.v1.ShedRange.$Shape;
        }

        namespace ShedRange {

            /** Properties of a ShedRange. */
            interface $Properties {

                /** ShedRange firstSeq */
                firstSeq?: (number|Long|null);

                /** ShedRange lastSeq */
                lastSeq?: (number|Long|null);

                /** ShedRange reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ShedRange. */
            type $Shape = tallyport.v1.ShedRange.$Properties;
        }

        /**
         * Properties of an EventColumns.
         * @deprecated Use tallyport.v1.EventColumns.$Properties instead.
         */
        interface IEventColumns extends tallyport.v1.EventColumns.$Properties {
        }

        /** What every event has, one row an event, all kinds. */
        class EventColumns {

            /**
             * Constructs a new EventColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.EventColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventColumns count. */
            count: number;

            /** uint: 0 scan, 1 position, 2 reading, 3 status, 4 raw. */
            kind: Uint8Array;

            /** EventColumns device. */
            device?: (tallyport.v1.StringColumn.$Properties|null);

            /** Receive time of the first event, milliseconds since 1970-01-01T00:00:00Z. */
            baseTimeMs: (number|Long);

            /** int: milliseconds since the receive time of the event before. */
            receiveTime: Uint8Array;

            /** uint: how many attributes the event has; its rows of the next two columns. */
            attributeCount: Uint8Array;

            /** EventColumns attributeKey. */
            attributeKey?: (tallyport.v1.StringColumn.$Properties|null);

            /** EventColumns attributeValue. */
            attributeValue?: (tallyport.v1.StringColumn.$Properties|null);

            /** What the gateway's clocks said, each once, in the order of first use. */
            clockReading: tallyport.v1.ClockReading.$Properties[];

            /** uint: 0 the gateway did not tell, else 1 + the reading, counted from 0. */
            clock: Uint8Array;

            /**
             * Encodes the specified EventColumns message. Does not implicitly {@link tallyport.v1.EventColumns.verify|verify} messages.
             * @param message EventColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.EventColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.EventColumns & tallyport.v1.EventColumns.$Shape} EventColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.EventColumns & tallyport.v1.EventColumns.$Shape;
        }

        namespace EventColumns {

            /** Properties of an EventColumns. */
            interface $Properties {

                /** EventColumns count */
                count?: (number|null);

                /** uint: 0 scan, 1 position, 2 reading, 3 status, 4 raw. */
                kind?: (Uint8Array|null);

                /** EventColumns device */
                device?: (tallyport.v1.StringColumn.$Properties|null);

                /** Receive time of the first event, milliseconds since 1970-01-01T00:00:00Z. */
                baseTimeMs?: (number|Long|null);

                /** int: milliseconds since the receive time of the event before. */
                receiveTime?: (Uint8Array|null);

                /** uint: how many attributes the event has; its rows of the next two columns. */
                attributeCount?: (Uint8Array|null);

                /** EventColumns attributeKey */
                attributeKey?: (tallyport.v1.StringColumn.$Properties|null);

                /** EventColumns attributeValue */
                attributeValue?: (tallyport.v1.StringColumn.$Properties|null);

                /** What the gateway's clocks said, each once, in the order of first use. */
                clockReading?: (tallyport.v1.ClockReading.$Properties[]|null);

                /** uint: 0 the gateway did not tell, else 1 + the reading, counted from 0. */
                clock?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventColumns. */
            type $Shape = tallyport.v1.EventColumns.$Properties;
        }

        /**
         * Properties of a ClockReading.
         * @deprecated Use tallyport.v1.ClockReading.$Properties instead.
         */
        interface IClockReading extends tallyport.v1.ClockReading.$Properties {
        }

        /**
         * How the gateway's wall clock stood to its monotonic one, for all events between two changes of it (G10).
         * An event's monotonic time, in milliseconds since the boot, is receive time - correction_ms - offset_ms.
         */
        class ClockReading {

            /**
             * Constructs a new ClockReading.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.ClockReading.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** The first 48 bits of the kernel's boot id, as 12 lower-case hexadecimal digits. */
            bootId: string;

            /**
             * 1 synced: a time source had confirmed the wall clock in this boot; 2 holdover: plausible, not confirmed;
             * 3 unset: known to be wrong.
             */
            trust: number;

            /** The wall clock as it was read, less the monotonic clock. */
            offsetMs: (number|Long);

            /** What the receive time is more than the wall clock said; 0 when it is what it said. */
            correctionMs: (number|Long);

            /**
             * Encodes the specified ClockReading message. Does not implicitly {@link tallyport.v1.ClockReading.verify|verify} messages.
             * @param message ClockReading message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.ClockReading.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClockReading message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.ClockReading & tallyport.v1.ClockReading.$Shape} ClockReading
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.ClockReading & tallyport.v1.ClockReading.$Shape;
        }

        namespace ClockReading {

            /** Properties of a ClockReading. */
            interface $Properties {

                /** The first 48 bits of the kernel's boot id, as 12 lower-case hexadecimal digits. */
                bootId?: (string|null);

                /**
                 * 1 synced: a time source had confirmed the wall clock in this boot; 2 holdover: plausible, not confirmed;
                 * 3 unset: known to be wrong.
                 */
                trust?: (number|null);

                /** The wall clock as it was read, less the monotonic clock. */
                offsetMs?: (number|Long|null);

                /** What the receive time is more than the wall clock said; 0 when it is what it said. */
                correctionMs?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClockReading. */
            type $Shape = tallyport.v1.ClockReading.$Properties;
        }

        /**
         * Properties of a TimeColumns.
         * @deprecated Use tallyport.v1.TimeColumns.$Properties instead.
         */
        interface ITimeColumns extends tallyport.v1.TimeColumns.$Properties {
        }

        /** When an event happened, one row an event of the kind. */
        class TimeColumns {

            /**
             * Constructs a new TimeColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.TimeColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Unit of `lag`, milliseconds. 0 is 1. */
            unitMs: number;

            /**
             * int: (receive time / unit_ms, rounded down) - (event time / unit_ms). Not looked at where the
             * quality is `receive`, whose event time is the receive time.
             */
            lag: Uint8Array;

            /** uint: 0 device, 1 receive, 2 implausible. */
            quality: Uint8Array;

            /** uint: 0 none, else 1 + zigzag of the minutes east of UTC. */
            utcOffset: Uint8Array;

            /**
             * Encodes the specified TimeColumns message. Does not implicitly {@link tallyport.v1.TimeColumns.verify|verify} messages.
             * @param message TimeColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.TimeColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TimeColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.TimeColumns & tallyport.v1.TimeColumns.$Shape} TimeColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.TimeColumns & tallyport.v1.TimeColumns.$Shape;
        }

        namespace TimeColumns {

            /** Properties of a TimeColumns. */
            interface $Properties {

                /** Unit of `lag`, milliseconds. 0 is 1. */
                unitMs?: (number|null);

                /**
                 * int: (receive time / unit_ms, rounded down) - (event time / unit_ms). Not looked at where the
                 * quality is `receive`, whose event time is the receive time.
                 */
                lag?: (Uint8Array|null);

                /** uint: 0 device, 1 receive, 2 implausible. */
                quality?: (Uint8Array|null);

                /** uint: 0 none, else 1 + zigzag of the minutes east of UTC. */
                utcOffset?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TimeColumns. */
            type $Shape = tallyport.v1.TimeColumns.$Properties;
        }

        /**
         * Properties of a StringColumn.
         * @deprecated Use tallyport.v1.StringColumn.$Properties instead.
         */
        interface IStringColumn extends tallyport.v1.StringColumn.$Properties {
        }

        /**
         * Text from a small vocabulary. Rows, uint each:
         * 0      the value of the same device's row before (in a column without devices: of the row before);
         * absent, if there is none
         * 1      absent
         * 2      the first value that no row before has named
         * k + 3  value k, counted from 0
         */
        class StringColumn {

            /**
             * Constructs a new StringColumn.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.StringColumn.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** The vocabulary, each value once, in the order of first use. */
            values?: (tallyport.v1.TextColumn.$Properties|null);

            /** StringColumn row. */
            row: Uint8Array;

            /**
             * Encodes the specified StringColumn message. Does not implicitly {@link tallyport.v1.StringColumn.verify|verify} messages.
             * @param message StringColumn message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.StringColumn.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StringColumn message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.StringColumn & tallyport.v1.StringColumn.$Shape} StringColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.StringColumn & tallyport.v1.StringColumn.$Shape;
        }

        namespace StringColumn {

            /** Properties of a StringColumn. */
            interface $Properties {

                /** The vocabulary, each value once, in the order of first use. */
                values?: (tallyport.v1.TextColumn.$Properties|null);

                /** StringColumn row */
                row?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StringColumn. */
            type $Shape = tallyport.v1.StringColumn.$Properties;
        }

        /**
         * Properties of a TextColumn.
         * @deprecated Use tallyport.v1.TextColumn.$Properties instead.
         */
        interface ITextColumn extends tallyport.v1.TextColumn.$Properties {
        }

        /** Text as pattern and number: prefix, decimal digits, check digits, suffix. */
        class TextColumn {

            /**
             * Constructs a new TextColumn.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.TextColumn.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** One entry a pattern, in the order of first use. */
            prefix: string[];

            /** TextColumn suffix. */
            suffix: string[];

            /**
             * uint: 0 the text is the prefix alone; 1 a number without leading zeros; w + 1 exactly w digits
             * (2 to 15).
             */
            width: Uint8Array;

            /**
             * uint: 0 none; 1 a GS1 check digit over the decimal digits before it, back to the first character
             * that is none; 2 a UPU S10 check digit over the eight digits before it.
             */
            check: Uint8Array;

            /** One row a text; uint: 0 the first pattern that no row before has named, else 1 + the pattern. */
            row: Uint8Array;

            /**
             * One entry a row whose pattern has a number; int: the number less that of the row before with the
             * same pattern (less 0 for the first).
             */
            number: Uint8Array;

            /**
             * Encodes the specified TextColumn message. Does not implicitly {@link tallyport.v1.TextColumn.verify|verify} messages.
             * @param message TextColumn message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.TextColumn.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TextColumn message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.TextColumn & tallyport.v1.TextColumn.$Shape} TextColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.TextColumn & tallyport.v1.TextColumn.$Shape;
        }

        namespace TextColumn {

            /** Properties of a TextColumn. */
            interface $Properties {

                /** One entry a pattern, in the order of first use. */
                prefix?: (string[]|null);

                /** TextColumn suffix */
                suffix?: (string[]|null);

                /**
                 * uint: 0 the text is the prefix alone; 1 a number without leading zeros; w + 1 exactly w digits
                 * (2 to 15).
                 */
                width?: (Uint8Array|null);

                /**
                 * uint: 0 none; 1 a GS1 check digit over the decimal digits before it, back to the first character
                 * that is none; 2 a UPU S10 check digit over the eight digits before it.
                 */
                check?: (Uint8Array|null);

                /** One row a text; uint: 0 the first pattern that no row before has named, else 1 + the pattern. */
                row?: (Uint8Array|null);

                /**
                 * One entry a row whose pattern has a number; int: the number less that of the row before with the
                 * same pattern (less 0 for the first).
                 */
                number?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TextColumn. */
            type $Shape = tallyport.v1.TextColumn.$Properties;
        }

        /**
         * Properties of a NumberColumn.
         * @deprecated Use tallyport.v1.NumberColumn.$Properties instead.
         */
        interface INumberColumn extends tallyport.v1.NumberColumn.$Properties {
        }

        /**
         * Numbers, bit for bit. Rows, uint each:
         * 0      absent
         * 1      the next of `exact`
         * n + 2  zigzag n + the prediction, divided by 10 to the power of `scale`
         * The prediction is 0 in an absolute column. In a device column it is the last such (undivided) value of
         * the same device, else the last of the column, else 0. Values of `exact` do not count.
         */
        class NumberColumn {

            /**
             * Constructs a new NumberColumn.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.NumberColumn.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NumberColumn scale. */
            scale: number;

            /** NumberColumn row. */
            row: Uint8Array;

            /** IEEE 754 doubles, little-endian. */
            exact: Uint8Array;

            /**
             * Encodes the specified NumberColumn message. Does not implicitly {@link tallyport.v1.NumberColumn.verify|verify} messages.
             * @param message NumberColumn message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.NumberColumn.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NumberColumn message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.NumberColumn & tallyport.v1.NumberColumn.$Shape} NumberColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.NumberColumn & tallyport.v1.NumberColumn.$Shape;
        }

        namespace NumberColumn {

            /** Properties of a NumberColumn. */
            interface $Properties {

                /** NumberColumn scale */
                scale?: (number|null);

                /** NumberColumn row */
                row?: (Uint8Array|null);

                /** IEEE 754 doubles, little-endian. */
                exact?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NumberColumn. */
            type $Shape = tallyport.v1.NumberColumn.$Properties;
        }

        /**
         * Properties of a ScanColumns.
         * @deprecated Use tallyport.v1.ScanColumns.$Properties instead.
         */
        interface IScanColumns extends tallyport.v1.ScanColumns.$Properties {
        }

        /** Represents a ScanColumns. */
        class ScanColumns {

            /**
             * Constructs a new ScanColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.ScanColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ScanColumns time. */
            time?: (tallyport.v1.TimeColumns.$Properties|null);

            /** ScanColumns data. */
            data?: (tallyport.v1.TextColumn.$Properties|null);

            /**
             * Absolute: rows as of a StringColumn. 0 is not "as before" here but the id that the label text gives
             * by the rule of format 1: an SSCC by its 18 digits, anything else trimmed.
             */
            parcelId?: (tallyport.v1.StringColumn.$Properties|null);

            /** ScanColumns symbology. */
            symbology?: (tallyport.v1.StringColumn.$Properties|null);

            /** ScanColumns readPoint. */
            readPoint?: (tallyport.v1.StringColumn.$Properties|null);

            /** ScanColumns operator. */
            operator?: (tallyport.v1.StringColumn.$Properties|null);

            /** ScanColumns action. */
            action?: (tallyport.v1.StringColumn.$Properties|null);

            /** By device. */
            deviceSeq?: (tallyport.v1.NumberColumn.$Properties|null);

            /** From here on since format 2. */
            location?: (tallyport.v1.StringColumn.$Properties|null);

            /** ScanColumns bizStep. */
            bizStep?: (tallyport.v1.StringColumn.$Properties|null);

            /** Absolute. */
            antenna?: (tallyport.v1.NumberColumn.$Properties|null);

            /** ScanColumns rssiDbm. */
            rssiDbm?: (tallyport.v1.NumberColumn.$Properties|null);

            /** ScanColumns readCount. */
            readCount?: (tallyport.v1.NumberColumn.$Properties|null);

            /** uint: 0 absent, 1 enter, 2 exit. */
            presence: Uint8Array;

            /** uint: 0 absent, else 1 + zigzag of (event time - when it was first seen), milliseconds. */
            firstSeen: Uint8Array;

            /**
             * Encodes the specified ScanColumns message. Does not implicitly {@link tallyport.v1.ScanColumns.verify|verify} messages.
             * @param message ScanColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.ScanColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ScanColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.ScanColumns & tallyport.v1.ScanColumns.$Shape} ScanColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.ScanColumns & tallyport.v1.ScanColumns.$Shape;
        }

        namespace ScanColumns {

            /** Properties of a ScanColumns. */
            interface $Properties {

                /** ScanColumns time */
                time?: (tallyport.v1.TimeColumns.$Properties|null);

                /** ScanColumns data */
                data?: (tallyport.v1.TextColumn.$Properties|null);

                /**
                 * Absolute: rows as of a StringColumn. 0 is not "as before" here but the id that the label text gives
                 * by the rule of format 1: an SSCC by its 18 digits, anything else trimmed.
                 */
                parcelId?: (tallyport.v1.StringColumn.$Properties|null);

                /** ScanColumns symbology */
                symbology?: (tallyport.v1.StringColumn.$Properties|null);

                /** ScanColumns readPoint */
                readPoint?: (tallyport.v1.StringColumn.$Properties|null);

                /** ScanColumns operator */
                operator?: (tallyport.v1.StringColumn.$Properties|null);

                /** ScanColumns action */
                action?: (tallyport.v1.StringColumn.$Properties|null);

                /** By device. */
                deviceSeq?: (tallyport.v1.NumberColumn.$Properties|null);

                /** From here on since format 2. */
                location?: (tallyport.v1.StringColumn.$Properties|null);

                /** ScanColumns bizStep */
                bizStep?: (tallyport.v1.StringColumn.$Properties|null);

                /** Absolute. */
                antenna?: (tallyport.v1.NumberColumn.$Properties|null);

                /** ScanColumns rssiDbm */
                rssiDbm?: (tallyport.v1.NumberColumn.$Properties|null);

                /** ScanColumns readCount */
                readCount?: (tallyport.v1.NumberColumn.$Properties|null);

                /** uint: 0 absent, 1 enter, 2 exit. */
                presence?: (Uint8Array|null);

                /** uint: 0 absent, else 1 + zigzag of (event time - when it was first seen), milliseconds. */
                firstSeen?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ScanColumns. */
            type $Shape = tallyport.v1.ScanColumns.$Properties;
        }

        /**
         * Properties of a PositionColumns.
         * @deprecated Use tallyport.v1.PositionColumns.$Properties instead.
         */
        interface IPositionColumns extends tallyport.v1.PositionColumns.$Properties {
        }

        /** Represents a PositionColumns. */
        class PositionColumns {

            /**
             * Constructs a new PositionColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.PositionColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PositionColumns time. */
            time?: (tallyport.v1.TimeColumns.$Properties|null);

            /** Degrees, by device. */
            lat?: (tallyport.v1.NumberColumn.$Properties|null);

            /** PositionColumns lon. */
            lon?: (tallyport.v1.NumberColumn.$Properties|null);

            /** Absolute. */
            speedKmh?: (tallyport.v1.NumberColumn.$Properties|null);

            /** PositionColumns headingDeg. */
            headingDeg?: (tallyport.v1.NumberColumn.$Properties|null);

            /** By device. */
            altitudeM?: (tallyport.v1.NumberColumn.$Properties|null);

            /** Absolute. */
            accuracyM?: (tallyport.v1.NumberColumn.$Properties|null);

            /** PositionColumns satellites. */
            satellites?: (tallyport.v1.NumberColumn.$Properties|null);

            /** PositionColumns hdop. */
            hdop?: (tallyport.v1.NumberColumn.$Properties|null);

            /** uint: 0 absent, 1 false, 2 true. Since format 2. */
            valid: Uint8Array;

            /**
             * Encodes the specified PositionColumns message. Does not implicitly {@link tallyport.v1.PositionColumns.verify|verify} messages.
             * @param message PositionColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.PositionColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PositionColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.PositionColumns & tallyport.v1.PositionColumns.$Shape} PositionColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.PositionColumns & tallyport.v1.PositionColumns.$Shape;
        }

        namespace PositionColumns {

            /** Properties of a PositionColumns. */
            interface $Properties {

                /** PositionColumns time */
                time?: (tallyport.v1.TimeColumns.$Properties|null);

                /** Degrees, by device. */
                lat?: (tallyport.v1.NumberColumn.$Properties|null);

                /** PositionColumns lon */
                lon?: (tallyport.v1.NumberColumn.$Properties|null);

                /** Absolute. */
                speedKmh?: (tallyport.v1.NumberColumn.$Properties|null);

                /** PositionColumns headingDeg */
                headingDeg?: (tallyport.v1.NumberColumn.$Properties|null);

                /** By device. */
                altitudeM?: (tallyport.v1.NumberColumn.$Properties|null);

                /** Absolute. */
                accuracyM?: (tallyport.v1.NumberColumn.$Properties|null);

                /** PositionColumns satellites */
                satellites?: (tallyport.v1.NumberColumn.$Properties|null);

                /** PositionColumns hdop */
                hdop?: (tallyport.v1.NumberColumn.$Properties|null);

                /** uint: 0 absent, 1 false, 2 true. Since format 2. */
                valid?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PositionColumns. */
            type $Shape = tallyport.v1.PositionColumns.$Properties;
        }

        /**
         * Properties of a ReadingColumns.
         * @deprecated Use tallyport.v1.ReadingColumns.$Properties instead.
         */
        interface IReadingColumns extends tallyport.v1.ReadingColumns.$Properties {
        }

        /** Represents a ReadingColumns. */
        class ReadingColumns {

            /**
             * Constructs a new ReadingColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.ReadingColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ReadingColumns time. */
            time?: (tallyport.v1.TimeColumns.$Properties|null);

            /**
             * uint: how many readings the event has; its rows of the columns below. A "device" of these columns is
             * the device and the place of the reading within its event.
             */
            count: Uint8Array;

            /** ReadingColumns name. */
            name?: (tallyport.v1.StringColumn.$Properties|null);

            /** ReadingColumns unit. */
            unit?: (tallyport.v1.StringColumn.$Properties|null);

            /** uint: 0 number, 1 text, 2 false, 3 true. */
            type: Uint8Array;

            /** Rows for the readings that are numbers, by device; else the last of the same place. */
            number?: (tallyport.v1.NumberColumn.$Properties|null);

            /** Rows for the readings that are text. */
            text?: (tallyport.v1.StringColumn.$Properties|null);

            /**
             * Encodes the specified ReadingColumns message. Does not implicitly {@link tallyport.v1.ReadingColumns.verify|verify} messages.
             * @param message ReadingColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.ReadingColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReadingColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.ReadingColumns & tallyport.v1.ReadingColumns.$Shape} ReadingColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.ReadingColumns & tallyport.v1.ReadingColumns.$Shape;
        }

        namespace ReadingColumns {

            /** Properties of a ReadingColumns. */
            interface $Properties {

                /** ReadingColumns time */
                time?: (tallyport.v1.TimeColumns.$Properties|null);

                /**
                 * uint: how many readings the event has; its rows of the columns below. A "device" of these columns is
                 * the device and the place of the reading within its event.
                 */
                count?: (Uint8Array|null);

                /** ReadingColumns name */
                name?: (tallyport.v1.StringColumn.$Properties|null);

                /** ReadingColumns unit */
                unit?: (tallyport.v1.StringColumn.$Properties|null);

                /** uint: 0 number, 1 text, 2 false, 3 true. */
                type?: (Uint8Array|null);

                /** Rows for the readings that are numbers, by device; else the last of the same place. */
                number?: (tallyport.v1.NumberColumn.$Properties|null);

                /** Rows for the readings that are text. */
                text?: (tallyport.v1.StringColumn.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ReadingColumns. */
            type $Shape = tallyport.v1.ReadingColumns.$Properties;
        }

        /**
         * Properties of a StatusColumns.
         * @deprecated Use tallyport.v1.StatusColumns.$Properties instead.
         */
        interface IStatusColumns extends tallyport.v1.StatusColumns.$Properties {
        }

        /** Represents a StatusColumns. */
        class StatusColumns {

            /**
             * Constructs a new StatusColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.StatusColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StatusColumns time. */
            time?: (tallyport.v1.TimeColumns.$Properties|null);

            /** uint: 0 absent, 1 false, 2 true. */
            online: Uint8Array;

            /** By device. */
            batteryPct?: (tallyport.v1.NumberColumn.$Properties|null);

            /**
             * Encodes the specified StatusColumns message. Does not implicitly {@link tallyport.v1.StatusColumns.verify|verify} messages.
             * @param message StatusColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.StatusColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StatusColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.StatusColumns & tallyport.v1.StatusColumns.$Shape} StatusColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.StatusColumns & tallyport.v1.StatusColumns.$Shape;
        }

        namespace StatusColumns {

            /** Properties of a StatusColumns. */
            interface $Properties {

                /** StatusColumns time */
                time?: (tallyport.v1.TimeColumns.$Properties|null);

                /** uint: 0 absent, 1 false, 2 true. */
                online?: (Uint8Array|null);

                /** By device. */
                batteryPct?: (tallyport.v1.NumberColumn.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StatusColumns. */
            type $Shape = tallyport.v1.StatusColumns.$Properties;
        }

        /**
         * Properties of a RawColumns.
         * @deprecated Use tallyport.v1.RawColumns.$Properties instead.
         */
        interface IRawColumns extends tallyport.v1.RawColumns.$Properties {
        }

        /** Represents a RawColumns. */
        class RawColumns {

            /**
             * Constructs a new RawColumns.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.RawColumns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RawColumns time. */
            time?: (tallyport.v1.TimeColumns.$Properties|null);

            /** RawColumns reason. */
            reason?: (tallyport.v1.StringColumn.$Properties|null);

            /** RawColumns topic. */
            topic?: (tallyport.v1.StringColumn.$Properties|null);

            /** uint: bytes of the event's payload. */
            length: Uint8Array;

            /** The payloads, one after the other. */
            payload: Uint8Array;

            /**
             * Encodes the specified RawColumns message. Does not implicitly {@link tallyport.v1.RawColumns.verify|verify} messages.
             * @param message RawColumns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.RawColumns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RawColumns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.RawColumns & tallyport.v1.RawColumns.$Shape} RawColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.RawColumns & tallyport.v1.RawColumns.$Shape;
        }

        namespace RawColumns {

            /** Properties of a RawColumns. */
            interface $Properties {

                /** RawColumns time */
                time?: (tallyport.v1.TimeColumns.$Properties|null);

                /** RawColumns reason */
                reason?: (tallyport.v1.StringColumn.$Properties|null);

                /** RawColumns topic */
                topic?: (tallyport.v1.StringColumn.$Properties|null);

                /** uint: bytes of the event's payload. */
                length?: (Uint8Array|null);

                /** The payloads, one after the other. */
                payload?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RawColumns. */
            type $Shape = tallyport.v1.RawColumns.$Properties;
        }

        /**
         * Properties of an AppliedReceipt.
         * @deprecated Use tallyport.v1.AppliedReceipt.$Properties instead.
         */
        interface IAppliedReceipt extends tallyport.v1.AppliedReceipt.$Properties {
        }

        /**
         * Sent after the commit of the read model that a batch was part of (G2), and in answer to a `LedgerRequest`. It
         * states all that is accounted for of the epoch, so that a lost receipt is made good by the next one.
         */
        class AppliedReceipt {

            /**
             * Constructs a new AppliedReceipt.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.AppliedReceipt.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AppliedReceipt gateway. */
            gateway: string;

            /** AppliedReceipt epoch. */
            epoch: string;

            /**
             * Everything that the cloud will not need again: applied, or given up by the gateway. Ascending, disjoint, not
             * adjacent; where there are more ranges than a message holds, the first of them.
             */
            applied: tallyport.v1.SeqRange.$Properties[];

            /**
             * Where in the stream the batch stood that this receipt answers; stream_seq is 0, and the incarnation empty, in
             * answer to a `LedgerRequest`, which says nothing of the stream.
             */
            position?: (tallyport.v1.StreamPosition.$Properties|null);

            /**
             * Encodes the specified AppliedReceipt message. Does not implicitly {@link tallyport.v1.AppliedReceipt.verify|verify} messages.
             * @param message AppliedReceipt message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.AppliedReceipt.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AppliedReceipt message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.AppliedReceipt & tallyport.v1.AppliedReceipt.$Shape} AppliedReceipt
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.AppliedReceipt & tallyport.v1.AppliedReceipt.$Shape;
        }

        namespace AppliedReceipt {

            /** Properties of an AppliedReceipt. */
            interface $Properties {

                /** AppliedReceipt gateway */
                gateway?: (string|null);

                /** AppliedReceipt epoch */
                epoch?: (string|null);

                /**
                 * Everything that the cloud will not need again: applied, or given up by the gateway. Ascending, disjoint, not
                 * adjacent; where there are more ranges than a message holds, the first of them.
                 */
                applied?: (tallyport.v1.SeqRange.$Properties[]|null);

                /**
                 * Where in the stream the batch stood that this receipt answers; stream_seq is 0, and the incarnation empty, in
                 * answer to a `LedgerRequest`, which says nothing of the stream.
                 */
                position?: (tallyport.v1.StreamPosition.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AppliedReceipt. */
            type $Shape = tallyport.v1.AppliedReceipt.$Properties;
        }

        /**
         * Properties of a SeqRange.
         * @deprecated Use tallyport.v1.SeqRange.$Properties instead.
         */
        interface ISeqRange extends tallyport.v1.SeqRange.$Properties {
        }

        /** Represents a SeqRange. */
        class SeqRange {

            /**
             * Constructs a new SeqRange.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.SeqRange.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SeqRange firstSeq. */
            firstSeq: (number|Long);

            /** SeqRange lastSeq. */
            lastSeq: (number|Long);

            /**
             * Encodes the specified SeqRange message. Does not implicitly {@link tallyport.v1.SeqRange.verify|verify} messages.
             * @param message SeqRange message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.SeqRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SeqRange message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.SeqRange & tallyport.v1.SeqRange.$Shape} SeqRange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.SeqRange & tallyport.v1.SeqRange.$Shape;
        }

        namespace SeqRange {

            /** Properties of a SeqRange. */
            interface $Properties {

                /** SeqRange firstSeq */
                firstSeq?: (number|Long|null);

                /** SeqRange lastSeq */
                lastSeq?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SeqRange. */
            type $Shape = tallyport.v1.SeqRange.$Properties;
        }

        /**
         * Properties of a StreamPosition.
         * @deprecated Use tallyport.v1.StreamPosition.$Properties instead.
         */
        interface IStreamPosition extends tallyport.v1.StreamPosition.$Properties {
        }

        /** A message of a stream. A stream that was made again is another incarnation. */
        class StreamPosition {

            /**
             * Constructs a new StreamPosition.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.StreamPosition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** When the stream was made, as the server says it (RFC 3339). */
            incarnation: string;

            /** StreamPosition streamSeq. */
            streamSeq: (number|Long);

            /**
             * Encodes the specified StreamPosition message. Does not implicitly {@link tallyport.v1.StreamPosition.verify|verify} messages.
             * @param message StreamPosition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.StreamPosition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StreamPosition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.StreamPosition & tallyport.v1.StreamPosition.$Shape} StreamPosition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.StreamPosition & tallyport.v1.StreamPosition.$Shape;
        }

        namespace StreamPosition {

            /** Properties of a StreamPosition. */
            interface $Properties {

                /** When the stream was made, as the server says it (RFC 3339). */
                incarnation?: (string|null);

                /** StreamPosition streamSeq */
                streamSeq?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StreamPosition. */
            type $Shape = tallyport.v1.StreamPosition.$Properties;
        }

        /**
         * Properties of a LedgerRequest.
         * @deprecated Use tallyport.v1.LedgerRequest.$Properties instead.
         */
        interface ILedgerRequest extends tallyport.v1.LedgerRequest.$Properties {
        }

        /**
         * "Where does this journal of mine stand?": a request on core NATS, answered with an `AppliedReceipt` from what is
         * committed. `applied` is empty for a journal that the cloud never heard of. A request that is none, or that is
         * about another gateway than its subject, is not answered.
         */
        class LedgerRequest {

            /**
             * Constructs a new LedgerRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: tallyport.v1.LedgerRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LedgerRequest gateway. */
            gateway: string;

            /** LedgerRequest epoch. */
            epoch: string;

            /**
             * Encodes the specified LedgerRequest message. Does not implicitly {@link tallyport.v1.LedgerRequest.verify|verify} messages.
             * @param message LedgerRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tallyport.v1.LedgerRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LedgerRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tallyport.v1.LedgerRequest & tallyport.v1.LedgerRequest.$Shape} LedgerRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tallyport.v1.LedgerRequest & tallyport.v1.LedgerRequest.$Shape;
        }

        namespace LedgerRequest {

            /** Properties of a LedgerRequest. */
            interface $Properties {

                /** LedgerRequest gateway */
                gateway?: (string|null);

                /** LedgerRequest epoch */
                epoch?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LedgerRequest. */
            type $Shape = tallyport.v1.LedgerRequest.$Properties;
        }
    }
}
